/**
 * People who borrow, hold and give back, as seeded chance has it. It is handed the way to send a request,
 * so it drives a server in this process, in a test, or on another machine.
 */
import type { Random } from '../shared/random.ts'

/** Sends a request to the server. */
export type Send = (path: string, init?: { method: 'POST'; body: string }) => Promise<Response>

export interface TrafficOptions {
  send: Send
  random: Random
  /** Things done a second. */
  rate: number
  /** How long new things begin. */
  seconds: number
  /** Resolves after so many ms. */
  wait: (ms: number) => Promise<void>
  /** Told about once a second. */
  onProgress?: (summary: TrafficSummary) => void
  /** Ends it early. */
  signal?: AbortSignal
}

export interface TrafficSummary {
  sent: number
  granted: number
  denied: number
  returned: number
  /** Answers that none of this asked for: 5xx, and no answer at all. */
  failed: number
  /** Requests that still waited for an answer when it ended. */
  unanswered: number
}

/** No more than this waits for answers; what comes due meanwhile is left out. */
const UNDER_WAY_MAX = 256
const HELD_MAX = 500
const ANSWER_MS = 10_000
const people = ['ada', 'bela', 'chen', 'dora', 'emil', 'fay', 'goran', 'hana', 'ivo', 'jun']
/** Out of a hundred things done. */
const mix = { borrow: 47, giveBack: 43, look: 6, askForNothing: 2, frontendError: 2 }
type Deed = keyof typeof mix

/** Runs until its time is over, gives back what it still holds, and resolves with what happened. */
export async function runTraffic(options: TrafficOptions): Promise<TrafficSummary> {
  const { send, random, rate, seconds, wait, onProgress, signal } = options
  const summary: TrafficSummary = { sent: 0, granted: 0, denied: 0, returned: 0, failed: 0, unanswered: 0 }
  const held: string[] = []
  const underWay = new Set<Promise<void>>()
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random.next() * from.length)] as T
  const tools = await toolsOf(send)

  async function post(path: string, body: object): Promise<Response | null> {
    summary.sent++
    try {
      const response = await send(path, { method: 'POST', body: JSON.stringify(body) })
      if (response.status >= 500) summary.failed++
      return response
    } catch {
      summary.failed++
      return null
    }
  }

  async function giveBack(id: string) {
    const response = await post('/licenses/return', { id })
    if (response?.ok) summary.returned++
    await response?.body?.cancel()
  }

  const deeds: Record<Deed, () => Promise<void>> = {
    async borrow() {
      const response = await post('/licenses/borrow', { tool: pick(tools), user: pick(people) })
      if (response?.status === 409) summary.denied++
      if (!response?.ok) return void (await response?.body?.cancel())
      summary.granted++
      const { id } = (await response.json()) as { id: string }
      held.push(id)
      if (held.length > HELD_MAX) await giveBack(held.shift() as string)
    },
    async giveBack() {
      const index = Math.floor(random.next() * held.length)
      const [id] = held.splice(index, 1)
      if (id !== undefined) await giveBack(id)
    },
    async look() {
      summary.sent++
      const response = await send('/licenses/status').catch(() => null)
      if (!response?.ok) summary.failed++
      await response?.body?.cancel()
    },
    async askForNothing() {
      const response = await post('/licenses/borrow', { tool: 'no_such_tool', user: pick(people) })
      await response?.body?.cancel()
    },
    async frontendError() {
      const response = await post('/frontend-error', {
        message: 'simulated error of a page',
        source: 'traffic',
      })
      await response?.body?.cancel()
    },
  }

  function begin() {
    const deed = chosen(random.next() * 100)
    if (underWay.size >= UNDER_WAY_MAX) return
    const doing = deeds[deed]().finally(() => underWay.delete(doing))
    underWay.add(doing)
  }

  const TICKS = 10
  for (let tick = 0; tick < seconds * TICKS && !signal?.aborted; tick++) {
    const due = Math.floor(((tick + 1) * rate) / TICKS) - Math.floor((tick * rate) / TICKS)
    for (let index = 0; index < due; index++) begin()
    await wait(1000 / TICKS)
    if (tick % TICKS === TICKS - 1) onProgress?.({ ...summary })
  }
  await Promise.race([Promise.all(underWay), wait(ANSWER_MS)])
  summary.unanswered = underWay.size
  for (const id of held.splice(0)) await giveBack(id)
  return summary
}

function chosen(at: number): Deed {
  let left = at
  for (const [deed, share] of Object.entries(mix) as [Deed, number][]) {
    if (left < share) return deed
    left -= share
  }
  return 'look'
}

/** The tools that the server has. @throws Error when it does not say */
async function toolsOf(send: Send): Promise<string[]> {
  const response = await send('/licenses/status')
  if (!response.ok) throw new Error(`/licenses/status answers ${response.status}`)
  const pools = (await response.json()) as { tool: string }[]
  if (pools.length === 0) throw new Error('the server has no pools')
  return pools.map(({ tool }) => tool)
}
