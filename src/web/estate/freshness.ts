import type { EstateFrame } from '../../estate/api/pipeline.ts'
import { byId, setAttribute, setText } from '../dom.ts'
import { rate } from '../format.ts'
import { serverNow } from '../server-clock.ts'
import { ago } from './words.ts'

/** A sample comes every 30 s from each resource: after two minutes without any, what is shown is the past. */
const OLD_MS = 120_000
const EVERY_MS = 5000

/** Says at the top how old the newest sample is. @returns takes frames */
export function showFreshness(): (frame: EstateFrame) => void {
  const place = byId('fresh')
  let newest: EstateFrame | null = null
  function say() {
    if (newest === null) return
    const { data_at: at, samples_per_second: pace } = newest
    const isOld = at !== null && serverNow() - Date.parse(at) > OLD_MS
    setAttribute(place, 'data-old', at === null || isOld ? 'yes' : null)
    setText(
      place,
      at === null
        ? 'No sample has arrived yet.'
        : isOld
          ? `No fresh data: the newest sample is from ${ago(at, serverNow())}.`
          : `${rate(pace)} samples a second, the newest ${ago(at, serverNow())}.`,
    )
  }
  setInterval(say, EVERY_MS)
  return frame => {
    newest = frame
    say()
  }
}
