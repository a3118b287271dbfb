/** A page of the estate whose server is the test's: canned answers, and a stream that it speaks on. */
import type { Page, Route } from 'playwright-core'
import { type OpenOptions, type Stage, sizes, type Visit } from './browser.ts'
import { type Frame, frameExample } from './estate-example.ts'
import { allContainers, allServers } from './estate-machines.ts'
import { replies } from './estate-replies.ts'

type Item = Record<string, unknown>

/** What a test wants otherwise: an answer by its path. null: the server fails. */
export type Answers = Record<string, ((query: URLSearchParams) => unknown) | null>

/** Sorts, filters and pages as the server does. */
export function listed(items: readonly Item[], query: URLSearchParams): { page: Item[]; total: number } {
  const fits = (item: Item) =>
    [...query].every(([name, value]) => {
      if (name === 'search') return String(item.server_id ?? item.container_id).includes(value)
      if (name === 'service') return item.service_name === value
      return !(name in item) || item[name] === value
    })
  const found = items.filter(fits)
  const sort = query.get('sort')
  if (sort)
    found.sort((one, other) => {
      const [a, b] = [one[sort], other[sort]]
      const order = typeof a === 'number' ? a - Number(b) : String(a).localeCompare(String(b))
      return query.get('order') === 'desc' ? -order : order
    })
  const offset = Number(query.get('offset') ?? 0)
  return { page: found.slice(offset, offset + Number(query.get('limit') ?? 50)), total: found.length }
}

const lists: Record<string, readonly Item[]> = {
  '/api/servers/current': allServers,
  '/api/containers/current': allContainers,
}

/** Answers everything that the page asks; its streams are the test's. @returns the addresses that were asked for */
export async function ownEstate(page: Page, answers: Answers = {}): Promise<string[]> {
  const asked: string[] = []
  async function answer(route: Route) {
    const url = new URL(route.request().url())
    asked.push(`${url.pathname}${url.search}`)
    const own = answers[url.pathname]
    if (own === null)
      return route.fulfill({
        status: 503,
        json: { status: 503, reason: 'storage_locked', detail: 'Not now.' },
      })
    if (own) return route.fulfill({ json: await own(url.searchParams) })
    const list = lists[url.pathname]
    if (list) {
      const { page: items, total } = listed(list, url.searchParams)
      return route.fulfill({ json: items, headers: { 'x-total-count': String(total) } })
    }
    const reply = replies[url.pathname]
    return reply ? route.fulfill({ json: reply.data(url.searchParams) }) : route.fallback()
  }
  await page.route(/\/(api|estate)\//, answer)
  await page.addInitScript(() => {
    class TestStream extends EventTarget {
      static OPEN = 1
      readyState = 1
      constructor() {
        super()
        Object.assign(window, { stream: this })
      }
      close() {
        this.readyState = 2
      }
    }
    Object.assign(window, { EventSource: TestStream })
  })
  return asked
}

/** Sends a frame of the estate to such a page. */
export const tell = (page: Page, frame: Frame = frameExample()): Promise<void> =>
  page.evaluate(data => {
    const { stream } = window as unknown as { stream: EventTarget }
    stream.dispatchEvent(new MessageEvent('estate', { data }))
  }, JSON.stringify(frame))

/** Opens the page with such a server; it has heard one frame. */
export async function openEstate(
  stage: Stage,
  path: string,
  {
    answers = {},
    frame = frameExample(),
    before,
    ...options
  }: OpenOptions & { answers?: Answers; frame?: Frame } = {},
): Promise<Visit & { asked: string[] }> {
  let asked: string[] = []
  const visit = await stage.open(path, {
    viewport: sizes.laptop,
    ...options,
    before: async page => {
      asked = await ownEstate(page, answers)
      await before?.(page)
    },
  })
  await visit.page.waitForSelector('html[data-ready]')
  await tell(visit.page, frame)
  return { ...visit, asked }
}

/** The view that is shown. */
export const shown = (page: Page) => page.locator('.view:not([hidden])')
