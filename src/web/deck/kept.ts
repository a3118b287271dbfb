import { recall, remember } from '../memory.ts'

const EVERY_MS = 10_000

/**
 * Remembers the newest frame that has something to show, in this browser, for when nothing happens.
 * @returns for each frame, what to draw: it, or the kept one where it is empty
 */
export function keeper<T extends { at: string }>(
  name: string,
  hasSomething: (frame: T) => boolean,
): (frame: T | null) => { shown: T | null; isKept: boolean } {
  const key = `deck.${name}`
  let kept = recall<T>(key)
  let writtenAt = Number.NEGATIVE_INFINITY
  return frame => {
    if (!frame || !hasSomething(frame)) return { shown: kept ?? frame, isKept: kept !== null }
    kept = frame
    if (performance.now() - writtenAt > EVERY_MS) {
      writtenAt = performance.now()
      remember(key, frame)
    }
    return { shown: frame, isKept: false }
  }
}
