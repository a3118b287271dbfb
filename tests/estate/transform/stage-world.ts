/** A stage whose lake and time obey the test, on a database that is decided inline. */
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { Database } from '../../../src/db/driver.ts'
import { prepareDatabase } from '../../../src/db/open.ts'
import type { ObjectTaken } from '../../../src/estate/commands.ts'
import { LakeFailure, type LakeProblem } from '../../../src/estate/lake/lake.ts'
import { estateMigrations } from '../../../src/estate/migrations.ts'
import { createTransformStage, type TransformOptions } from '../../../src/estate/transform/stage.ts'
import { createWriter } from '../../../src/estate/transform/writer.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { waitFor } from '../../support/wait-for.ts'
import { DAY_MS, NOON, settings } from './world.ts'

/** Keeps objects in memory; fails as told. */
export function fakeLake() {
  const objects = new Map<string, Buffer>()
  const gets: string[] = []
  let problem: LakeProblem | null = null
  const check = () => {
    if (problem) throw new LakeFailure(problem, `the lake of this test is ${problem}`)
  }
  return {
    objects,
    /** Names in the order in which they were read. */
    gets,
    fail(by: LakeProblem | null) {
      problem = by
    },
    put: ({ key, body }: { key: string; body: string }) => void objects.set(key, Buffer.from(body, 'base64')),
    async get(key: string) {
      gets.push(key)
      check()
      return objects.get(key) ?? null
    },
    async *list(prefix: string, after = '') {
      check()
      for (const key of [...objects.keys()].sort())
        if (key.startsWith(prefix) && key > after) yield { key, bytes: 1 }
    },
    async remove(keys: readonly string[]) {
      check()
      for (const key of keys) objects.delete(key)
    },
  }
}

function fakeTimers() {
  const clock = fakeClock(NOON)
  let timers: { at: number; go: () => void }[] = []
  return {
    clock,
    wait: (ms: number) => new Promise<void>(go => timers.push({ at: clock.monotonic() + ms, go })),
    advance(ms: number) {
      clock.advance(ms)
      const due = timers.filter(({ at }) => at <= clock.monotonic())
      timers = timers.filter(({ at }) => at > clock.monotonic())
      for (const { go } of due) go()
    },
  }
}

export function stageWorld({ folder = temporaryFolder(), busyTimeoutMs = 0 } = {}) {
  const path = join(folder, 'estate.db')
  const database = { path, busyTimeoutMs, temporary: true }
  prepareDatabase(database, [estateMigrations], () => {})
  const lake = fakeLake()
  const timers = fakeTimers()
  const taken: { key: string; taken: ObjectTaken }[] = []
  const said: string[] = []
  const stages: { stop(): Promise<void> }[] = []

  function start(
    more: Partial<TransformOptions> = {},
    before: (writer: ReturnType<typeof createWriter>) => void = () => {},
  ) {
    const writer = createWriter({ database, settings, clock: timers.clock, inline: true })
    before(writer)
    const stage = createTransformStage({
      lake,
      writer,
      clock: timers.clock,
      wait: timers.wait,
      lakeKeepMs: 8 * DAY_MS,
      observer: {
        objectTaken: (key, of) => void taken.push({ key, taken: of }),
        failed: problem => void said.push(problem),
        recovered: () => void said.push('recovered'),
      },
      ...more,
    })
    stage.start()
    let isOver: Promise<void> | null = null
    const running = {
      ...stage,
      stop: () => {
        isOver ??= stage.stop().then(() => writer.close())
        return isOver
      },
    }
    stages.push(running)
    return running
  }
  onTestFinished(async () => {
    lake.fail(null)
    for (const { stop } of stages) await stop()
  })
  const reader = new Database(path, { readonly: true })
  onTestFinished(() => void reader.close())
  return {
    ...timers,
    path,
    lake,
    start,
    /** What became of objects, in order. */
    taken,
    said,
    rows: (sql: string) => reader.prepare(sql).all() as Record<string, unknown>[],
    /** Lets time pass in small steps, until something holds. */
    until: (holds: () => boolean, stepMs = 100) =>
      waitFor(() => {
        if (!holds()) timers.advance(stepMs)
        return holds()
      }, 20_000),
  }
}
