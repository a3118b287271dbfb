/** What the tests of the deck share: a recording, and streams that the test speaks on. */
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { TOKEN } from '../support/world.ts'
import type { OpenOptions, Stage, Visit } from './browser.ts'
import { recordingExample } from './race-example.ts'

export const inTime = { timeout: 20_000 }
export const screens = {
  wide: { width: 1280, height: 720 },
  classic: { width: 1024, height: 768 },
  upright: { width: 390, height: 844 },
} as const

/** Opens the deck; it has a recording of a race. @param hash a slide's id */
export async function openDeck(
  stage: Stage,
  {
    slide = '',
    presenter = false,
    print = false,
    before,
    ...options
  }: OpenOptions & { slide?: string; presenter?: boolean; print?: boolean } = {},
): Promise<Visit> {
  const query = print ? '?view=print' : presenter ? `?token=${TOKEN}` : ''
  const visit = await stage.open(`/presentation${query}${slide && `#/${slide}`}`, {
    viewport: screens.wide,
    ...options,
    before: async page => {
      await page.route('**/races/recorded', route => route.fulfill({ json: recordingExample() }))
      await before?.(page)
    },
  })
  await visit.page.waitForSelector('html[data-ready]')
  return visit
}

/** Goes to a slide at once, with all its fragments. */
export async function goTo(page: Page, slide: string): Promise<void> {
  // Asked for again: reveal.js writes the address a little later, and may write over a newer one.
  const arrives = () =>
    page.evaluate(id => {
      const isThere = document.getElementById(id)?.classList.contains('present') === true
      if (!isThere) location.hash = `#/${id}`
      return isThere
    }, slide)
  await expect.poll(arrives, inTime).toBe(true)
  await page.evaluate(id => {
    for (const fragment of document.querySelectorAll(`#${id} .fragment`)) fragment.classList.add('visible')
  }, slide)
}

/** The streams of a page are the test's: what it says is heard by the newest one. */
export async function ownStreams(page: Page): Promise<void> {
  await page.addInitScript(() => {
    class TestStream extends EventTarget {
      static OPEN = 1
      readyState = 1
      url: string
      constructor(url: string) {
        super()
        this.url = url
        Object.assign(window, { stream: this })
      }
      close() {
        this.readyState = 2
      }
    }
    Object.assign(window, { EventSource: TestStream })
  })
}

/** Sends a frame to a page with its own streams. */
export const say = (page: Page, topic: string, frame: object): Promise<void> =>
  page.evaluate(
    ([name, data]) => {
      const { stream } = window as unknown as { stream: EventTarget }
      stream.dispatchEvent(new MessageEvent(name, { data }))
    },
    [topic, JSON.stringify({ at: new Date(0).toISOString(), ...frame })] as const,
  )
