/** What the tests of the presenter's page share: a signed-in browser, a deck on a screen, a run of show. */
import type { Page } from 'playwright-core'
import { TOKEN } from '../support/world.ts'
import type { OpenOptions, Stage, Visit } from './browser.ts'
import type { PageServer } from './server.ts'

export const inTime = { timeout: 15_000 }

const titles = ['The title', 'The challenge', 'Two paths', 'Thanks']
/** Slides of a minute each, with notes. */
export const show = {
  total_seconds: 240,
  slides: titles.map((title, index) => ({
    slide: `s${index}`,
    title,
    seconds: 60,
    notes: [`Say ${title} first.`, 'Then wait.'],
  })),
}

/** Opens the page as the presenter, with a run of show of its own. */
export async function asPresenter(
  stage: Stage,
  { before, plan = show, ...options }: OpenOptions & { plan?: object } = {},
): Promise<Visit> {
  const visit = await stage.open(`/presenter?token=${TOKEN}`, {
    ...options,
    before: async page => {
      await page.route('**/run-of-show', route => route.fulfill({ json: plan }))
      await before?.(page)
    },
  })
  await visit.page.waitForSelector('html[data-ready]')
  return visit
}

/** A window with the deck: it stands where it is told to, and obeys only when asked to. */
export function deckOn(server: PageServer) {
  const deck = 'deck-of-the-tests'
  const at = (index: number, fragments_left = 0) =>
    server.present('POST', '/deck/position', {
      deck,
      slide: `s${index}`,
      index,
      slides: titles.length,
      fragments_left,
      claim: true,
    })
  return {
    at,
    /** The newest command, as the deck reads it. */
    command: async () => (await server.present('GET', '/deck')).command,
    /** Everybody lets go of the remote, and everything that runs is ended. */
    async fresh() {
      await server.present('POST', '/stage/reset')
      await at(0)
    },
  }
}

/** Presses the mouse on a button and keeps it down. */
export async function hold(page: Page, name: RegExp | string): Promise<void> {
  const button = page.getByRole('button', { name })
  await button.scrollIntoViewIfNeeded()
  await button.hover()
  await page.mouse.down()
}
