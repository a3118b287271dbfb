/** Makes a batch durable, however long the lake takes: nothing of it is given up but at the end of the process. */
import type { Clock } from '../../shared/clock.ts'
import { type Lake, LakeFailure, type LakeProblem } from '../lake/lake.ts'
import { encodeLines } from '../lake/lines.ts'
import { keyOf } from '../lake/object-key.ts'
import type { IngestionObserver } from './observer.ts'
import type { Waiting } from './queue.ts'

export interface BatchWriterOptions {
  lake: Pick<Lake, 'put'>
  clock: Clock
  /** Resolves after so many ms. */
  wait: (ms: number) => Promise<void>
  /** Of the ingestion's process, 1 to 16 of a to z and 0 to 9: no two may have the same. */
  run: string
  observer: IngestionObserver
  /** Told of each object that is durable, with the lines in it. */
  written: (key: string, lines: readonly Waiting[]) => void
  /** Told when `problem` may have changed. */
  changed: () => void
}

const RETRY_MIN_MS = 100
const RETRY_MAX_MS = 5000
/** Requests under way. */
const SIDE_BY_SIDE = 8
/** A lake that neither takes nor refuses for so long is told as slow. */
const SLOW_MS = 10_000

interface ObjectToWrite {
  key: string
  lines: readonly Waiting[]
  body: Promise<Buffer> | null
}

export function createBatchWriter(options: BatchWriterOptions) {
  const { lake, clock, wait, run, observer, written, changed } = options
  let number = 0
  let failures = 0
  let problem: LakeProblem | null = null
  /** Monotonic ms: when the attempt under way began. */
  let trying: number | null = null
  let giveUp: () => void = () => {}
  let isGivenUp = false
  const givenUp = new Promise<void>(resolve => {
    giveUp = resolve
  })

  function failed(error: unknown) {
    failures++
    const now = error instanceof LakeFailure ? error.problem : 'failed'
    if (now === problem) return
    problem = now
    observer.lakeFailed(now, (error as Error).message)
    changed()
  }

  function recovered() {
    if (problem === null) return
    problem = null
    observer.lakeRecovered()
    changed()
  }

  async function put(object: ObjectToWrite, left: Set<ObjectToWrite>): Promise<void> {
    object.body ??= encodeLines(object.lines.map(({ text }) => text))
    const body = await object.body
    await lake.put(object.key, body)
    // Its lines were refused meanwhile: their senders will send them again.
    if (isGivenUp) return
    left.delete(object)
    const [first] = object.lines
    if (first) observer.object(first.kind, object.lines.length, body.length)
    written(object.key, object.lines)
  }

  /** Each once, until one fails: where one cannot be written, the others wait with it. */
  async function putAll(left: Set<ObjectToWrite>): Promise<void> {
    const next = [...left].values()
    let error: unknown
    const lane = async () => {
      for (const object of next) {
        if (error !== undefined) return
        await put(object, left).catch(caught => {
          error ??= caught
        })
      }
    }
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane))
    if (error !== undefined && !isGivenUp) failed(error)
  }

  return {
    /** Attempts that failed. */
    get failures() {
      return failures
    },
    /** Why nothing can be written now; null: nothing is known against it. */
    get problem(): LakeProblem | null {
      return problem ?? (trying !== null && clock.monotonic() - trying > SLOW_MS ? 'slow' : null)
    },
    /**
     * Writes one object a partition, again and again under the same names, until all are durable.
     * @returns the lines that are not, after `giveUp`
     */
    async write(batch: ReadonlyMap<string, readonly Waiting[]>): Promise<Waiting[]> {
      const writtenAt = clock.now()
      const begun = clock.monotonic()
      const left = new Set<ObjectToWrite>()
      for (const lines of batch.values()) {
        const { kind, at } = lines[0] as Waiting
        left.add({ key: keyOf({ kind, hour: at, writtenAt, run, number: number++ }), lines, body: null })
      }
      for (let retryMs = RETRY_MIN_MS; !isGivenUp; retryMs = Math.min(retryMs * 2, RETRY_MAX_MS)) {
        trying = clock.monotonic()
        await Promise.race([putAll(left), givenUp])
        trying = null
        if (left.size === 0) {
          recovered()
          observer.flushSeconds((clock.monotonic() - begun) / 1000)
          return []
        }
        await Promise.race([wait(retryMs), givenUp])
      }
      return [...left].flatMap(({ lines }) => [...lines])
    },
    /** Ends the attempts. */
    giveUp() {
      isGivenUp = true
      giveUp()
    },
  }
}
