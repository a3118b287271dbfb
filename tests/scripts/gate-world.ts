/** A server that only looks like one, on a clock that moves when the gate waits. */
import type { Answer, Ask } from '../../scripts/deploy-gate/ask.ts'
import type { Gate } from '../../scripts/deploy-gate/gate.ts'
import { fakeClock } from '../support/fake-clock.ts'

export const NEW = 'aaaaaaaaaaaa'
export const OLD = 'bbbbbbbbbbbb'

/** What the server is like at a moment. */
export interface State {
  /** Status of /readyz; 0: no answer. */
  ready: number
  readyMs: number
  commit: string
  paging: string[]
  incidents: number[]
  serverErrors: number
  startedAt: number
  metricsHere: boolean
  /** Status of a borrow, and of a return. */
  borrow: number
  giveBack: number
  seats: number
}

const well: State = {
  ready: 200,
  readyMs: 5,
  commit: NEW,
  paging: [],
  incidents: [3],
  serverErrors: 7,
  startedAt: 1000,
  metricsHere: true,
  borrow: 200,
  giveBack: 200,
  seats: 4,
}

export interface GateWorld {
  gate: Gate
  said: string[]
  /** Seats that probes hold. */
  held: Set<string>
  asked: { path: string; key: string | null }[]
  stop: AbortController
  /** Seconds since the gate began. */
  seconds(): number
}

/** @param at what is not well after so many seconds */
export function gateWorld(
  at: (seconds: number) => Partial<State> = () => ({}),
  more: Partial<Gate> = {},
): GateWorld {
  const clock = fakeClock()
  const said: string[] = []
  const held = new Set<string>()
  const asked: GateWorld['asked'] = []
  const stop = new AbortController()
  const seconds = () => clock.monotonic() / 1000
  const answer = (status: number, body: unknown, ms = 1): Answer => ({
    status,
    text: status === 0 ? 'no answer (ECONNREFUSED)' : typeof body === 'string' ? body : JSON.stringify(body),
    ms,
  })

  const ask: Ask = async (path, init) => {
    const state = { ...well, ...at(seconds()) }
    const key = new Headers(init?.headers).get('idempotency-key')
    asked.push({ path, key })
    const body = init?.body ? JSON.parse(String(init.body)) : {}
    if (path === '/readyz') return answer(state.ready, { status: 'ok' }, state.readyMs)
    if (path === '/version')
      return answer(state.ready === 0 ? 0 : 200, { version: '1.2.3', commit: state.commit })
    if (path.startsWith('/stream/snapshot')) {
      const burn = ['availability', 'latency'].map(objective => ({
        objective,
        paging: state.paging.includes(objective),
      }))
      return answer(200, { delivery: { burn, incidents: state.incidents.map(id => ({ id })) } })
    }
    if (path === '/metrics') return answer(state.metricsHere ? 200 : 404, metricsOf(state))
    if (path === '/licenses/status')
      return answer(200, [{ tool: 'cad_tool', borrowed: held.size, commit: state.seats, free: state.seats }])
    if (path === '/licenses/borrow') {
      const isGranted = state.borrow < 300
      if (isGranted) held.add(String(key))
      return answer(state.borrow, isGranted && state.borrow !== 0 ? { id: key } : 'refused')
    }
    if (path === '/licenses/return') {
      if (state.giveBack === 200) held.delete(body.id)
      return answer(state.giveBack, { status: 'ok' })
    }
    return answer(404, '')
  }

  const gate: Gate = {
    ask,
    time: { monotonic: clock.monotonic, wait: async ms => clock.advance(ms) },
    expected: { version: null, commit: NEW },
    timeoutMs: 180_000,
    watchMs: 60_000,
    everyMs: 1000,
    p95Ms: 500,
    borrowKey: null,
    say: line => said.push(line),
    stopping: stop.signal,
    ...more,
  }
  return { gate, said, held, asked, stop, seconds }
}

const metricsOf = ({ serverErrors, startedAt }: State) =>
  [
    `process_start_time_seconds ${startedAt}`,
    'http_requests_total{method="GET",route="/",status="200"} 900',
    `http_requests_total{method="GET",route="/",status="500"} ${serverErrors}`,
    'http_requests_total{method="POST",route="/x",status="503"} 1',
  ].join('\n')
