/** What simulated people do with the server. Each draws its chances before it asks, so answers do not change them. */
import type { Random } from '../../shared/random.ts'
import { type Browsers, createBrowsers } from './browsers.ts'
import { createHoldings } from './holdings.ts'
import { chosen, type Mix } from './mix.ts'
import type { Send } from './send.ts'

export interface TrafficSummary {
  /** Requests of people, those that were asked again too. */
  sent: number
  granted: number
  denied: number
  returned: number
  /** Answers that none of this asked for: 5xx, and no answer at all. */
  failed: number
  /** Borrows that were asked again because they had failed. */
  retried: number
  /** Requests that still waited for an answer when it ended. */
  unanswered: number
}

export interface People {
  /**
   * One of them does something.
   * @param now in ticks @param mayReport whether a browser may report its broken script @returns whether one does
   */
  act(plan: { mix: Mix; retries: number }, now: number, mayReport: boolean): boolean
  readonly summary: TrafficSummary
  /** How many requests wait for an answer. */
  readonly underWay: number
  readonly browsers: Browsers
  /** Nobody asks again; what is granted from now on is given back at once. */
  end(): void
  /** Resolves when all that wait are answered. */
  answered(): Promise<unknown>
  /** Gives back what is held. Resolves when all of it is back, or nobody takes it. */
  giveBackAll(): Promise<void>
}

/** No more than this waits for answers; what comes due meanwhile is left out. */
const UNDER_WAY_MAX = 256
const HELD_MAX = 500
const ROUNDS_OF_GIVING_BACK = 3
const TOGETHER = 16
/** In ticks of 100 ms: most hold a seat for half a second, few for two. */
const HOLD_MIN = 2
const HOLD_MAX = 20
const names = ['ada', 'bela', 'chen', 'dora', 'emil', 'fay', 'goran', 'hana', 'ivo', 'jun']

/** Statuses of a borrow that has ended without its holder. */
const GONE = [404, 409]
const hasFailed = (response: Response | null) => response === null || response.status >= 500

export function createPeople(send: Send, tools: readonly string[], random: Random): People {
  const summary = { sent: 0, granted: 0, denied: 0, returned: 0, failed: 0, retried: 0, unanswered: 0 }
  const held = createHoldings(HELD_MAX)
  const browsers = createBrowsers(send)
  const underWay = new Set<Promise<void>>()
  let ended = false
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random.next() * from.length)] as T

  /** Null when there is no answer. The caller reads the body or cancels it. */
  async function ask(path: string, body?: object): Promise<Response | null> {
    summary.sent++
    const response = await send(path, body && { method: 'POST', body: JSON.stringify(body) }).catch(
      () => null,
    )
    if (hasFailed(response)) summary.failed++
    return response
  }
  const tell = async (path: string, body?: object) => {
    const response = await ask(path, body)
    await response?.body?.cancel().catch(() => {})
    return response
  }
  /** What nobody took is still held. */
  async function giveBack(id: string, now: number) {
    const response = await tell('/licenses/return', { id })
    if (response?.ok) summary.returned++
    else if (response === null || !GONE.includes(response.status)) held.hold(id, now)
  }

  async function borrow(tool: string, user: string, retries: number, now: number, holdFor: number) {
    let response = await ask('/licenses/borrow', { tool, user })
    for (let again = 0; again < retries && hasFailed(response) && !ended; again++) {
      await response?.body?.cancel().catch(() => {})
      summary.retried++
      response = await ask('/licenses/borrow', { tool, user })
    }
    if (response?.status === 409) summary.denied++
    if (!response?.ok) return void (await response?.body?.cancel().catch(() => {}))
    summary.granted++
    const { id } = (await response.json()) as { id: string }
    const tooMany = ended ? id : held.hold(id, now + holdFor)
    if (tooMany !== undefined) await giveBack(tooMany, now)
  }

  async function look(report: object | null) {
    await tell('/licenses/status')
    if (report) await tell('/frontend-error', report)
  }

  return {
    summary,
    browsers,
    get underWay() {
      return underWay.size
    },
    act({ mix, retries }, now, mayReport) {
      const deed = chosen(mix, random.next())
      const [tool, user] = [pick(tools), pick(names)]
      const holdFor = HOLD_MIN + (HOLD_MAX - HOLD_MIN) * random.next() ** 2
      const broken = browsers.report(random.next())
      if (underWay.size >= UNDER_WAY_MAX) return false
      const report = mayReport && deed === 'look' ? broken : null
      const done = deed === 'give_back' ? held.takeDone(now) : undefined
      const doing = {
        borrow: () => borrow(tool, user, retries, now, holdFor),
        // Whoever finds nobody done with a seat looks instead, so the rate is kept.
        give_back: () => (done === undefined ? look(null) : giveBack(done, now)),
        look: () => look(report),
        ask_for_nothing: async () => void (await tell('/licenses/borrow', { tool: 'no_such_tool', user })),
        frontend_error: async () =>
          void (await tell('/frontend-error', { message: 'simulated error of a page', source: 'traffic' })),
      }[deed]()
      const settled = doing.catch(() => void summary.failed++).finally(() => underWay.delete(settled))
      underWay.add(settled)
      return report !== null
    },
    end() {
      ended = true
    },
    answered: () => Promise.all(underWay),
    async giveBackAll() {
      for (let round = 0; round < ROUNDS_OF_GIVING_BACK && held.size > 0; round++) {
        const ids = held.takeAll()
        while (ids.length > 0) await Promise.all(ids.splice(0, TOGETHER).map(id => giveBack(id, 0)))
      }
    },
  }
}

/** The tools that the server has. @throws Error when it does not say */
export async function toolsOf(send: Send): Promise<string[]> {
  const response = await send('/licenses/status')
  if (!response.ok) throw new Error(`/licenses/status answers ${response.status}`)
  const pools = (await response.json()) as { tool: string }[]
  if (pools.length === 0) throw new Error('the server has no pools')
  return pools.map(({ tool }) => tool)
}
