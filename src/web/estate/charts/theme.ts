/** The colours of charts: those of the page, as they are now. */

const watchers = new Set<() => void>()
for (const wish of ['(prefers-color-scheme: dark)', '(forced-colors: active)'])
  matchMedia(wish).addEventListener('change', () => {
    for (const redraw of watchers) redraw()
  })

/** A custom property of the page, without its dashes at the front. */
export const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()

/** Calls when the colours have changed. @returns ends that */
export function onColours(redraw: () => void): () => void {
  watchers.add(redraw)
  return () => watchers.delete(redraw)
}

/** A colour that lets the ground through. @param share from 0 to 1 */
export const veiled = (name: string, share: number): string =>
  `color-mix(in srgb, ${colour(name)} ${share * 100}%, transparent)`
