/** From the lake into the tables: every object once, however often it is told or found, and whatever fails meanwhile. */
import type { Clock } from '../../shared/clock.ts'
import type { ObjectTaken } from '../commands.ts'
import type { Lake } from '../lake/lake.ts'
import { readKey } from '../lake/object-key.ts'
import type { StageFigures } from '../stage-reporter.ts'
import { createBackOff } from './back-off.ts'
import { takeCare } from './caretaker.ts'
import { createForgetting } from './forgetting.ts'
import { createLakeWatch } from './lake-watch.ts'
import { createObjectQueue, waitedMs } from './object-queue.ts'
import type { TransformObserver } from './observer.ts'
import { createPauses } from './pauses.ts'
import { failure, takeFromLake } from './take-from-lake.ts'
import { createTakenLately } from './taken-lately.ts'
import { createTroubles, type Work } from './troubles.ts'
import type { EstateWriter } from './writer.ts'

export interface TransformOptions {
  lake: Pick<Lake, 'get' | 'list' | 'remove'>
  writer: Pick<EstateWriter, 'submit'>
  clock: Clock
  /** Resolves after so many ms. */
  wait: (ms: number) => Promise<void>
  observer: TransformObserver
  /** How long the lake keeps objects, in ms. */
  lakeKeepMs: number
  /** Told when the stage fails, and when it goes on: a reporter says so at once. */
  changed?: () => void
}

export interface TransformStage {
  /** Of an object that is durable in the lake. */
  told(key: string): void
  start(): void
  /** For reports: `done` are samples, `waiting` objects. */
  figures(): StageFigures
  /**
   * Forgets all from a day on and takes the lake from there again; what comes meanwhile is taken too.
   * @param day midnight UTC, Unix ms
   * @returns what was taken of these days, when all that the lake had of them was
   */
  replay(day: number): Promise<Replayed>
  /** Finishes what is under way. */
  stop(): Promise<void>
}
export interface Replayed {
  objects: number
  samples: number
}

const WAITING_MAX = 10_000
/** Objects that are read while others are written. */
const SIDE_BY_SIDE = 4
const LOOK_AT_RECENT_MS = 2000
const LOOK_AT_ALL_MS = 60_000
/** After so many looks at all of it, nothing is believed to be taken that is not asked about again. */
const REMEMBER_LOOKS = 15
const TAKE_CARE_MS = 10_000
/** An object that breaks so often is set aside. */
const ATTEMPTS_MAX = 3

export function createTransformStage(options: TransformOptions): TransformStage {
  const { lake, writer, clock, wait, observer, lakeKeepMs, changed = () => {} } = options
  const pauses = createPauses(wait)
  const backOff = createBackOff(pauses.pause)
  const troubles = createTroubles(observer, changed)
  const queue = createObjectQueue(WAITING_MAX)
  const underWay = new Set<string>()
  const lately = createTakenLately()
  const attempts = new Map<string, number>()
  const isWaiting = (key: string) => queue.has(key) || underWay.has(key)
  const isKnown = (key: string) => lately.has(key) || isWaiting(key)
  const watch = createLakeWatch({ lake, writer, lakeKeepMs, isKnown, found })
  let replaying: (Replayed & { day: number; since: number }) | null = null
  let running: Promise<unknown>[] = []
  let looks = 0
  let done = 0
  let deadLetters = 0
  let lastSuccessAt: number | null = null

  const isOfReplay = (key: string) => replaying !== null && (readKey(key)?.hour ?? 0) >= replaying.day

  async function found(key: string) {
    while (!pauses.isOver && !queue.add(key, clock.now())) await pauses.change()
    pauses.wake()
  }

  async function attempt(work: Work, doIt: () => Promise<unknown>): Promise<boolean> {
    try {
      await doIt()
      troubles.worked(work)
      return true
    } catch (error) {
      const why = failure(error)
      troubles.failed(work, 'problem' in why ? why.problem : why.detail, why.detail)
      return false
    }
  }

  const forgetting = createForgetting({ writer, attempt, backOff, pauses, forgotten: rememberNothing })
  function rememberNothing() {
    lately.clear()
    watch.forget()
  }

  function took(key: string, taken: ObjectTaken, seconds: number) {
    lately.add(key)
    attempts.delete(key)
    const dead = taken.dead.reduce((sum, { count }) => sum + count, 0)
    done += taken.samples + taken.duplicates + dead
    deadLetters += dead
    lastSuccessAt = clock.now()
    if (replaying && taken.isNew && isOfReplay(key)) {
      replaying.objects++
      replaying.samples += taken.samples
    }
    backOff.worked()
    troubles.worked('take')
    observer.objectTaken(key, taken, seconds)
  }

  /** @returns whether it has to be tried again */
  async function deal(key: string): Promise<boolean> {
    const begun = clock.monotonic()
    const fate = await takeFromLake(key, lake, writer)
    if (fate.kind === 'gone') return false
    if (fate.kind === 'taken') {
      took(key, fate.taken, (clock.monotonic() - begun) / 1000)
      return false
    }
    if (fate.kind === 'forgetting') {
      await forgetting.goOn()
      return true
    }
    if (fate.kind === 'broken') {
      troubles.failed('take', 'An object cannot be taken.', fate.detail)
      if (await isSetAside(key, fate.detail)) return false
    } else troubles.failed('take', fate.problem, fate.detail)
    await backOff.failed()
    return true
  }

  async function isSetAside(key: string, detail: string): Promise<boolean> {
    const count = (attempts.get(key) ?? 0) + 1
    attempts.set(key, count)
    if (count < ATTEMPTS_MAX) return false
    return attempt('take', async () => took(key, await writer.submit('set_object_aside', { key, detail }), 0))
  }

  async function lane() {
    while (!pauses.isOver) {
      await backOff.ready()
      await forgetting.underWay
      const key = queue.take(clock.now())
      if (key === null) {
        await pauses.change()
        continue
      }
      underWay.add(key)
      const isLeft = await deal(key)
      underWay.delete(key)
      if (isLeft) queue.add(key, clock.now())
      pauses.wake()
    }
  }

  async function lookAtAll() {
    // Another process may have made what was taken untaken.
    if (looks++ % REMEMBER_LOOKS === 0) rememberNothing()
    await watch.lookAtAll(clock.now())
  }

  async function every(ms: number, work: Work, doIt: () => Promise<void>) {
    while (!pauses.isOver) {
      await attempt(work, doIt)
      await pauses.pause(ms)
    }
  }

  return {
    told(key) {
      if (!isKnown(key)) queue.add(key, clock.now())
      pauses.wake()
    },
    start() {
      if (running.length > 0) return
      running = [
        forgetting.goOn(),
        ...Array.from({ length: SIDE_BY_SIDE }, lane),
        every(LOOK_AT_RECENT_MS, 'look', () => watch.lookAtRecent(clock.now())),
        every(LOOK_AT_ALL_MS, 'look', lookAtAll),
        every(TAKE_CARE_MS, 'care', () => takeCare(lake, writer)),
      ]
    },
    figures() {
      const now = clock.now()
      let lagMs = 0
      // What was there before a replay began was taken before: nobody waits for it.
      const since = replaying?.since ?? 0
      for (const key of [...queue.keys(), ...underWay])
        if ((readKey(key)?.writtenAt ?? 0) >= since) lagMs = Math.max(lagMs, waitedMs(key, now))
      return {
        done,
        failed: troubles.failures,
        dead_letters: deadLetters,
        waiting: queue.size + underWay.size,
        lag_seconds: lagMs / 1000,
        last_success_at: lastSuccessAt,
        problem: troubles.problem,
      }
    },
    async replay(day) {
      if (replaying) throw new Error('the lake is being taken again already')
      const of = { day, since: clock.now(), objects: 0, samples: 0 }
      replaying = of
      try {
        await forgetting.from(day)
        let isThrough = false
        const look = () => watch.lookAtAll(clock.now(), day)
        while (!isThrough && !pauses.isOver) {
          isThrough = await attempt('look', look)
          if (!isThrough) await backOff.failed()
        }
        let left = [...queue.keys(), ...underWay].filter(isOfReplay)
        while (left.length > 0 && !pauses.isOver) {
          await pauses.change()
          left = left.filter(isWaiting)
        }
        return { objects: of.objects, samples: of.samples }
      } finally {
        replaying = null
      }
    },
    async stop() {
      pauses.end()
      await Promise.all(running)
    },
  }
}
