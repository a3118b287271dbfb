/** The parts of reveal.js that the deck uses. */
export interface Deck {
  initialize(): Promise<unknown>
  on(event: 'slidechanged', listener: (event: { currentSlide: Element }) => void): void
  getCurrentSlide(): Element
}

type RevealClass = new (element: Element, options: Record<string, unknown>) => Deck

// The server hands out the package's file; a variable keeps the bundler and the type checker off it.
const address = '/vendor/reveal/reveal.mjs'

/** Makes a deck of an element. Nothing moves before `initialize`. */
export async function createDeck(element: Element, options: Record<string, unknown>): Promise<Deck> {
  const { default: Reveal } = (await import(address)) as { default: RevealClass }
  return new Reveal(element, options)
}
