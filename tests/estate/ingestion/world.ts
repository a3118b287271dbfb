/** An ingestion whose lake and time obey the test. */
import { onTestFinished } from 'vitest'
import { createIngestion, type IngestionOptions } from '../../../src/estate/ingestion/ingestion.ts'
import type { IngestionObserver } from '../../../src/estate/ingestion/observer.ts'
import { LakeFailure, type LakeProblem } from '../../../src/estate/lake/lake.ts'
import { decodeText } from '../../../src/estate/lake/lines.ts'
import type { LakeLine } from '../../../src/estate/lake/object-key.ts'
import type { Message } from '../../../src/mqtt/link.ts'
import { fakeClock, START } from '../../support/fake-clock.ts'
import { waitFor } from '../../support/wait-for.ts'

/** Keeps objects in memory; fails and hangs as told. */
export function fakeLake() {
  const objects = new Map<string, Buffer>()
  const attempts: string[] = []
  let failing: (key: string) => LakeProblem | null = () => null
  let hanging: (() => void)[] | null = null
  let underWay = 0
  let mostUnderWay = 0
  return {
    objects,
    /** Names in the order in which they were tried. */
    attempts,
    get mostUnderWay() {
      return mostUnderWay
    },
    fail(by: LakeProblem | null | ((key: string) => LakeProblem | null)) {
      failing = typeof by === 'function' ? by : () => by
    },
    /** From now on a put neither succeeds nor fails, until the returned function is called. */
    hang() {
      const held: (() => void)[] = []
      hanging = held
      return () => {
        hanging = null
        for (const go of held) go()
      }
    },
    async put(key: string, body: Buffer) {
      attempts.push(key)
      underWay++
      mostUnderWay = Math.max(mostUnderWay, underWay)
      try {
        const held = hanging
        if (held) await new Promise<void>(resolve => held.push(resolve))
        const problem = failing(key)
        if (problem) throw new LakeFailure(problem, `the lake of this test is ${problem}`)
        const before = objects.get(key)
        if (before && !before.equals(body)) throw new LakeFailure('failed', 'another content')
        objects.set(key, body)
      } finally {
        underWay--
      }
    },
  }
}

/** Timers on a fake clock. */
export function fakeTimers() {
  const clock = fakeClock()
  let timers: { at: number; go: () => void }[] = []
  const asked: number[] = []
  return {
    clock,
    /** How long was waited, in ms, in order. */
    asked,
    wait: (ms: number) =>
      new Promise<void>(go => {
        asked.push(ms)
        timers.push({ at: clock.monotonic() + ms, go })
      }),
    advance(ms: number) {
      clock.advance(ms)
      const due = timers.filter(({ at }) => at <= clock.monotonic())
      timers = timers.filter(({ at }) => at > clock.monotonic())
      for (const { go } of due) go()
    },
  }
}

export function ingestionWorld(options: Partial<IngestionOptions> = {}) {
  const lake = fakeLake()
  const timers = fakeTimers()
  const said: unknown[][] = []
  const observer = new Proxy({} as IngestionObserver, {
    get:
      (_, name: string) =>
      (...facts: unknown[]) =>
        void said.push([name, ...facts]),
  })
  const told: string[] = []
  const ingestion = createIngestion({
    lake,
    clock: timers.clock,
    wait: timers.wait,
    told: key => void told.push(key),
    observer,
    run: 'test',
    ...options,
  })
  /** Lets time pass in small steps, until something holds. */
  const until = (holds: () => boolean, stepMs = 100) =>
    waitFor(() => {
      if (!holds()) timers.advance(stepMs)
      return holds()
    }, 20_000)
  onTestFinished(async () => {
    lake.fail(null)
    let isOver = false
    const stopped = ingestion.stop().then(() => {
      isOver = true
    })
    await until(() => isOver)
    await stopped
  })
  return {
    ...timers,
    lake,
    ingestion,
    told,
    said,
    until,
    told_of: (name: string) => said.filter(([what]) => what === name),
  }
}

export const message = (kind: string, payload: unknown): Message => ({
  topic: `estate/${kind}`,
  payload: Buffer.isBuffer(payload)
    ? payload
    : Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)),
  retain: false,
})

export const server = (seq: number, more: Record<string, unknown> = {}) => ({
  timestamp: new Date(START).toISOString(),
  boot: 'b',
  seq,
  server_id: 'server-0001',
  cpu_percent: 10,
  memory_percent: 20,
  status: 'healthy',
  ...more,
})

export async function linesOf(objects: Iterable<Buffer>): Promise<LakeLine[]> {
  const lines: LakeLine[] = []
  for (const body of objects) {
    const { text, problem } = await decodeText(body)
    if (problem !== null) throw new Error(problem)
    for (const line of text.trimEnd().split('\n')) lines.push(JSON.parse(line))
  }
  return lines
}

/** What became of a promise so far. */
export function fateOf(promise: Promise<unknown>) {
  const fate: { is: 'open' | 'taken' | 'refused'; reason?: string } = { is: 'open' }
  promise.then(
    () => {
      fate.is = 'taken'
    },
    error => {
      fate.is = 'refused'
      fate.reason = error.reason
    },
  )
  return fate
}
