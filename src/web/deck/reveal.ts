/** The parts of reveal.js that the deck uses. */
export interface Deck {
  initialize(): Promise<unknown>
  configure(options: Record<string, unknown>): void
  on(event: 'slidechanged' | 'fragmentshown' | 'fragmenthidden' | 'pdf-ready', listener: () => void): void
  getCurrentSlide(): Element
  getSlides(): Element[]
  getIndices(): { h: number }
  /** @param f the newest fragment that is shown, from 0; -1: none */
  slide(h: number, v?: number, f?: number): void
  next(): void
  prev(): void
  togglePause(): void
  layout(): void
}

type RevealClass = new (element: Element, options: Record<string, unknown>) => Deck

// The server hands out the package's file; a variable keeps the bundler and the type checker off it.
const address = '/vendor/reveal/reveal.mjs'

/** Makes a deck of an element. Nothing moves before `initialize`. */
export async function createDeck(element: Element, options: Record<string, unknown>): Promise<Deck> {
  const { default: Reveal } = (await import(address)) as { default: RevealClass }
  return new Reveal(element, options)
}
