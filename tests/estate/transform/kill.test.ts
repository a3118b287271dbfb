import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { Database } from '../../../src/db/driver.ts'
import { openDirectoryLake } from '../../../src/estate/lake/directory-lake.ts'
import { systemClock } from '../../../src/shared/clock.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { waitFor } from '../../support/wait-for.ts'
import { contents, estateWorld, HOUR_MS, line, objectOf, serverAt, serviceAt } from './world.ts'

const ROUNDS = 5
const OBJECTS = 60
const SERVERS = 250
const STARTS_WITHIN_MS = 60_000

/** Now, to the hour: the process that is killed has the real time. */
const HOUR = Math.floor(systemClock.now() / HOUR_MS) * HOUR_MS - HOUR_MS

/** Each object repeats what is in the one of its kind before it. */
const objects = Array.from({ length: OBJECTS }, (_, part) => {
  const lines = [part, Math.max(part % 2, part - 2)].flatMap(of =>
    Array.from({ length: SERVERS }, (_, index) => {
      const at = HOUR + of * 30_000
      const who = { seq: of, interval_seconds: 30 }
      return part % 2 === 0
        ? line(serverAt(at, { ...who, server_id: `server-${index}` }))
        : line(serviceAt(at, { ...who, instance_id: `instance-${index}`, response_time_sketch: [[of, 3]] }))
    }),
  )
  return objectOf(part % 2 === 0 ? 'server' : 'service', lines, HOUR, HOUR + part)
})

function startTaker(lake: string, path: string) {
  const taker = fileURLToPath(new URL('./taker.ts', import.meta.url))
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', taker, lake, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  child.stdout?.setEncoding('utf8').on('data', text => {
    said += text
  })
  return {
    get taken() {
      return said.split('taken\n').length - 1
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

test('kill -9 of the transformer at any moment: every sample counts once', async () => {
  const folder = temporaryFolder()
  const lake = await openDirectoryLake(join(folder, 'lake'), systemClock)
  const path = join(folder, 'estate.db')
  for (const { key, body } of objects) await lake.put(key, Buffer.from(body, 'base64'))
  let taken = 0
  for (let round = 1; round <= ROUNDS; round++) {
    const taker = startTaker(lake.where, path)
    // The later rounds let it do more before it is killed.
    await waitFor(() => taker.taken >= round, STARTS_WITHIN_MS)
    await wait(round)
    await taker.kill()
    taken += taker.taken
    if (taken >= OBJECTS) break
  }
  const last = startTaker(lake.where, path)
  const database = new Database(path, { readonly: true })
  onTestFinished(() => void database.close())
  const rows = (sql: string) => database.prepare(sql).all() as Record<string, unknown>[]
  await waitFor(() => rows('SELECT key FROM estate_lake_objects').length === OBJECTS, STARTS_WITHIN_MS)
  await last.kill()

  const undisturbed = estateWorld({}, systemClock.now())
  for (const object of objects) undisturbed.take(object)
  const made = contents({ rows })
  // Which of two objects brought a sample first may differ; everything else may not.
  for (const [table, expected] of Object.entries(contents(undisturbed)))
    if (table !== 'estate_lake_objects') expect(made[table], table).toEqual(expected)
  const [{ samples, duplicates } = {}] = rows(
    'SELECT sum(samples) AS samples, sum(duplicates) AS duplicates FROM estate_lake_objects',
  )
  expect([samples, duplicates]).toEqual([OBJECTS * SERVERS, OBJECTS * SERVERS])
}, 180_000)
