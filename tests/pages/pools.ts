/** The demo pools under the tests of pages: emptied, filled and set from outside the page. */
import type { Locator, Page } from 'playwright-core'
import type { Answer } from '../support/wire.ts'
import type { PageServer } from './server.ts'

const demo: Record<string, object> = {
  analysis: { total: 2, commit: 1, max_overage: 1 },
  cad_tool: { total: 5, commit: 4, max_overage: 1 },
  simulation: { total: 3, commit: 2, max_overage: 1 },
}

const usual = { commit_price: 1000, overage_price_per_license: 100, lease_ttl_seconds: 7200, spend_cap: null }

/** Sets one pool, what is not named being as in the demo. */
export const setPool = (server: PageServer, tool: string, change: object = {}): Promise<Answer> =>
  server.present('PUT', '/config/budget', { tool, ...demo[tool], ...usual, ...change })

/** Nobody holds anything and the settings are those of the demo. */
export async function freshPools(server: PageServer): Promise<void> {
  for (const { id } of await server.present('GET', '/borrows'))
    await server.present('POST', '/licenses/revoke', { id })
  for (const tool of Object.keys(demo)) await setPool(server, tool)
}

/** Borrows from outside the page. @returns the borrows */
export async function take(server: PageServer, tool: string, seats: number, user = 'somebody else') {
  const taken: Answer[] = []
  for (let seat = 0; seat < seats; seat++)
    taken.push(await server.present('POST', '/licenses/borrow', { tool, user }))
  return taken
}

/** How many seats of a tool are borrowed, as the server counts. */
export const borrowed = async (server: PageServer, tool: string): Promise<number> =>
  (await server.present('GET', `/licenses/${tool}/status`)).borrowed

/** The card of one pool on the page, with what one does there. */
export function cardOf(page: Page, tool: string) {
  const card: Locator = page.locator('.pool', { has: page.getByRole('heading', { name: tool, exact: true }) })
  return {
    card,
    borrow: card.getByRole('button', { name: /^Borrow/ }),
    giveBack: card.getByRole('button', { name: `Return ${tool}` }),
    said: card.getByRole('status'),
    ring: card.locator('.visually-hidden'),
  }
}

/** The list of one's own licenses. */
export const mine = (page: Page): Locator => page.locator('.license')

/** The rows of everyone's borrows. */
export const everyone = (page: Page): Locator => page.locator('#everyone-rows tr')
