const everywhere = new Set(['PageUp', 'PageDown', 'Escape', 'Home', 'End'])

/** A focused control keeps its keys; clickers, which send PageUp and PageDown, work all the same. */
export function isForDeck(event: KeyboardEvent): boolean {
  const control = document.activeElement?.closest('a, button, input, select, textarea, summary')
  return !control || everywhere.has(event.key)
}

/**
 * What reveal.js binds to single letters, by key code: off, so that nobody who speaks to the computer
 * turns slides by a word. F (full screen), O (overview), B and the full stop (black) stay.
 */
export function shortcuts(toggleTheme: () => void): Record<number, (() => void) | null> {
  const off = ['A', 'C', 'G', 'H', 'J', 'K', 'L', 'N', 'P', 'S', 'V']
  return { ...Object.fromEntries(off.map(letter => [letter.charCodeAt(0), null])), 84: toggleTheme }
}
