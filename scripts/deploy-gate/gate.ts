/** Waits for a release to come up, then watches it for a while. */
import type { Ask } from './ask.ts'
import { said } from './ask.ts'
import { type Expected, isExpected, named, p95, problemsOf, runs } from './judge.ts'
import { glance, type Look, look } from './look.ts'
import { borrowAndReturn } from './probe-borrow.ts'

/** The time, and a way to let some of it pass. */
export interface Time {
  /** ms that never step. */
  monotonic(): number
  wait(ms: number): Promise<void>
}

export interface Gate {
  ask: Ask
  time: Time
  expected: Expected
  /** How long it may take to come up, ms. */
  timeoutMs: number
  /** How long it is watched, ms. */
  watchMs: number
  /** From one look to the next, ms. */
  everyMs: number
  /** The slowest that 95 of 100 looks at /readyz may be, ms. */
  p95Ms: number
  /** Makes the key of a borrow; null: none is made. */
  borrowKey: (() => string) | null
  say: (line: string) => void
  /** Ends it early. */
  stopping: AbortSignal
}

export type Verdict = { is: 'passed' } | { is: 'failed'; problems: string[] } | { is: 'interrupted' }

const SAY_EVERY_MS = 10_000
const BORROW_EVERY_MS = 15_000

const interrupted = { is: 'interrupted' } as const
const seconds = (ms: number) => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`

/** Never rejects because of the server: every way in which it can be unwell is a verdict. */
export async function passGate(gate: Gate): Promise<Verdict> {
  const { expected } = gate
  const problem = await untilUp(gate, running => isExpected(running, expected), named(expected))
  if (gate.stopping.aborted) return interrupted
  return problem === null ? watch(gate) : { is: 'failed', problems: [problem] }
}

/** What waiting alone needs. */
export type Waiting = Pick<Gate, 'ask' | 'time' | 'timeoutMs' | 'everyMs' | 'say' | 'stopping'>

/** Waits until the right thing runs and is ready. @returns why it did not; null: it did */
export async function untilUp(
  { ask, time, timeoutMs, everyMs, say, stopping }: Waiting,
  isRight: (running: Look['running']) => boolean,
  wanted: string,
): Promise<string | null> {
  const began = time.monotonic()
  let told = began
  let toldWhat = ''
  while (!stopping.aborted) {
    const now = await glance(ask)
    const isReady = now.ready.status === 200
    const after = time.monotonic() - began
    if (isReady && isRight(now.running)) {
      say(`up      ${runs(now)} and is ready, after ${seconds(after)}`)
      return null
    }
    const what = isReady ? `${runs(now)}, not ${wanted}` : `/readyz: ${said(now.ready)}`
    if (after >= timeoutMs) return `not up after ${seconds(after)}: ${what}`
    if (what !== toldWhat || time.monotonic() - told >= SAY_EVERY_MS) {
      say(`wait    ${what}`)
      told = time.monotonic()
      toldWhat = what
    }
    await time.wait(everyMs)
  }
  return 'stopped'
}

async function watch(gate: Gate): Promise<Verdict> {
  const { ask, time, expected, watchMs, everyMs, p95Ms, borrowKey, say, stopping } = gate
  const began = time.monotonic()
  const first = await look(ask)
  for (const note of notesOf(first)) say(`note    ${note}`)
  const times: number[] = []
  let told = began
  let borrowDue = began
  for (let now = first; ; now = await look(ask)) {
    times.push(now.ready.ms)
    const problems = problemsOf(now, first, expected)
    if (borrowKey && time.monotonic() >= borrowDue && problems.length === 0) {
      borrowDue = time.monotonic() + BORROW_EVERY_MS
      const probe = await borrowAndReturn(ask, borrowKey())
      if (probe.is === 'failed') problems.push(probe.why)
      else if (probe.is === 'no seat') say('note    no seat within the commit is free, so none was borrowed')
      else say(`borrow  ${probe.tool} borrowed and returned in ${probe.ms} ms`)
    }
    const after = time.monotonic() - began
    if (stopping.aborted) return interrupted
    if (problems.length > 0)
      return { is: 'failed', problems: problems.map(each => `${seconds(after)} into the watch: ${each}`) }
    if (after >= watchMs) break
    if (time.monotonic() - told >= SAY_EVERY_MS) {
      told = time.monotonic()
      say(`watch   ${seconds(after)} of ${seconds(watchMs)}, p95 ${p95(times)} ms`)
    }
    await time.wait(Math.min(everyMs, watchMs - after))
  }
  const slow = p95(times)
  if (slow > p95Ms) return { is: 'failed', problems: [`/readyz: p95 ${slow} ms, allowed are ${p95Ms} ms`] }
  say(`passed  ${times.length} looks in ${seconds(watchMs)}, p95 ${slow} ms`)
  return { is: 'passed' }
}

function notesOf({ delivery, process }: Look): string[] {
  const notes: string[] = []
  if (!delivery) notes.push('the server does not tell of burn and incidents, so they are not judged')
  if (!process) notes.push('/metrics is not served here, so other people’s 5xx and restarts are not seen')
  return notes
}
