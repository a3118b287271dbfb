import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createIngestion } from '../../../src/estate/ingestion/ingestion.ts'
import type { IngestionObserver } from '../../../src/estate/ingestion/observer.ts'
import { openDirectoryLake } from '../../../src/estate/lake/directory-lake.ts'
import type { Lake } from '../../../src/estate/lake/lake.ts'
import { rfc3339, systemClock } from '../../../src/shared/clock.ts'
import { mayMount, smallDisk } from '../../support/small-disk.ts'
import { waitFor } from '../../support/wait-for.ts'
import { bucketLake, keysOf, s3Server } from '../lake/lakes.ts'
import { fateOf, linesOf, message, server } from './world.ts'

const quiet = new Proxy({} as IngestionObserver, { get: () => () => {} })
const now = () => rfc3339(systemClock.now())

function ingestionOf(lake: Lake) {
  const ingestion = createIngestion({
    lake,
    clock: systemClock,
    wait,
    told: () => {},
    observer: quiet,
    flushMs: 20,
  })
  onTestFinished(() => ingestion.stop())
  return ingestion
}

async function samplesIn(lake: Lake): Promise<number[]> {
  const bodies: Buffer[] = []
  for (const key of await keysOf(lake)) bodies.push((await lake.get(key)) as Buffer)
  return (await linesOf(bodies)).map(line => ('sample' in line ? Number(line.sample.seq) : Number.NaN))
}

describe.skipIf(!mayMount)('on a small disk', () => {
  test('samples wait while it is full, and are all there when there is room again', async () => {
    const disk = smallDisk(1024)
    const lake = await openDirectoryLake(disk.folder, systemClock)
    const ingestion = ingestionOf(lake)
    await ingestion.receive(message('server', server(0, { timestamp: now() })))
    disk.fill()
    const fates = Array.from({ length: 50 }, (_, n) =>
      fateOf(
        ingestion.receive(
          message('server', server(n + 1, { timestamp: now(), filler: crypto.randomUUID().repeat(20) })),
        ),
      ),
    )
    await waitFor(() => ingestion.figures().problem !== null)
    expect(ingestion.figures().problem).toBe('The lake is full.')
    expect(fates.some(({ is }) => is === 'taken')).toBe(false)
    disk.makeRoom()
    await waitFor(() => fates.every(({ is }) => is === 'taken'), 20_000)
    expect(ingestion.figures().problem).toBeNull()
    expect((await samplesIn(lake)).sort((a, b) => a - b)).toEqual(Array.from({ length: 51 }, (_, n) => n))
  })
})

test('samples wait while the bucket is away, and are all there once when it is back', async () => {
  const bucket = await s3Server()
  const lake = await bucketLake(bucket)
  const ingestion = ingestionOf(lake)
  await ingestion.receive(message('server', server(0, { timestamp: now() })))
  await bucket.stop()
  const fates = Array.from({ length: 50 }, (_, n) =>
    fateOf(ingestion.receive(message('server', server(n + 1, { timestamp: now() })))),
  )
  await waitFor(() => ingestion.figures().problem === 'The lake cannot be reached.')
  expect(fates.some(({ is }) => is === 'taken')).toBe(false)
  await bucket.start()
  await waitFor(() => fates.every(({ is }) => is === 'taken'), 20_000)
  expect((await samplesIn(lake)).sort((a, b) => a - b)).toEqual(Array.from({ length: 51 }, (_, n) => n))
})
