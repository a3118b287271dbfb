/** What the tests of the log roads say often: lines, and who is told of them. */
import { expect, onTestFinished } from 'vitest'
import { eventNames } from '../../src/observability/event-names.ts'
import type { LokiAddress, LokiOutput, lokiOutput } from '../../src/observability/loki-push.ts'
import { type LokiServer, lokiServer } from '../support/loki-server.ts'

/** Its thread as `npm run build` made it: tests of threads run what ships. */
export const builtLokiOutput: typeof lokiOutput = (
  await import(new URL('../../dist/observability/loki-push.js', import.meta.url).href)
).lokiOutput

export const AT = Date.parse('2026-03-02T10:00:00.000Z')

/** The n-th line of a test, with its line break: one ms after the one before it. */
export function lineOf(n: number, fields: Record<string, unknown> = {}): string {
  const event = eventNames[n % eventNames.length]
  const time = new Date(AT + n).toISOString()
  const base = {
    level: 'info',
    time,
    service: 'license-server',
    version: '1.2.3',
    commit: 'abc',
    env: 'test',
  }
  return `${JSON.stringify({ ...base, event, n, ...fields, msg: `line ${n}` })}\n`
}

/** Lines `from` to `to`, `to` not included. */
export const linesFrom = (from: number, to: number, fields?: Record<string, unknown>): string[] =>
  Array.from({ length: to - from }, (_, index) => lineOf(from + index, fields))

export interface Told {
  dropped: number
  failures: string[]
  recoveries: number
}

export function observer() {
  const told: Told = { dropped: 0, failures: [], recoveries: 0 }
  return {
    told,
    dropped: (lines: number) => {
      told.dropped += lines
    },
    failed: (reason: string) => void told.failures.push(reason),
    recovered: () => {
      told.recoveries++
    },
  }
}

export interface Pushing {
  loki: LokiServer
  output: LokiOutput
  told: Told
  /** The lines that Loki has, each with its line break. */
  arrived(): string[]
  /** Resolves when nothing waits. */
  settled(timeoutMs?: number): Promise<void>
}

/** The real thread, pushing to a Loki of the test's own. @param below the path under which it is served */
export async function pushing(address: Partial<LokiAddress> = {}, below = ''): Promise<Pushing> {
  const loki = await lokiServer()
  const watching = observer()
  const output = builtLokiOutput(
    { url: `${loki.url}${below}`, user: null, password: null, ...address },
    watching,
  )
  onTestFinished(async () => {
    loki.mood = 400
    loki.release()
    await output.close()
  })
  return {
    loki,
    output,
    told: watching.told,
    arrived: () => loki.kept.map(({ line }) => `${line}\n`),
    settled: (timeout = 8000) => expect.poll(() => output.waitingBytes, { timeout, interval: 5 }).toBe(0),
  }
}
