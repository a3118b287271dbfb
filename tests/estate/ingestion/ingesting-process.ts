/**
 * An ingestion in a process of its own, to be killed: `<folder> <boot> <more…>` takes samples of this boot as fast as
 * the lake does, after those of `more` (JSON of [boot, seq]), and says each that was taken on a line of its own.
 */
import { writeSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { createIngestion } from '../../../src/estate/ingestion/ingestion.ts'
import type { IngestionObserver } from '../../../src/estate/ingestion/observer.ts'
import { openDirectoryLake } from '../../../src/estate/lake/directory-lake.ts'
import { rfc3339, systemClock } from '../../../src/shared/clock.ts'

const [, , folder = '', boot = '', again = '[]'] = process.argv
const quiet = new Proxy({} as IngestionObserver, { get: () => () => {} })
const ingestion = createIngestion({
  lake: await openDirectoryLake(folder, systemClock),
  clock: systemClock,
  wait,
  told: () => {},
  observer: quiet,
  flushMs: 10,
})
const kinds = {
  server: { server_id: 's', cpu_percent: 1, memory_percent: 1, status: 'healthy' },
  container: { container_id: 'c', cpu_percent: 1, memory_mb: 1, health: 'healthy' },
  service: { service_name: 's', error_rate_percent: 0, p95_response_time_ms: 1 },
}

async function send(numbers: [string, number][]) {
  const [first] = numbers
  if (!first) return
  const kind = (['server', 'container', 'service'] as const)[first[1] % 3] ?? 'server'
  const samples = numbers.map(([ofBoot, seq]) => ({
    ...kinds[kind],
    boot: ofBoot,
    seq,
    timestamp: rfc3339(systemClock.now() - (seq % 4) * 3_600_000),
  }))
  const payload = Buffer.from(JSON.stringify(samples))
  writeSync(1, numbers.map(number => `sent ${JSON.stringify(number)}\n`).join(''))
  await ingestion.receive({ topic: `estate/${kind}`, payload, retain: false })
  writeSync(1, numbers.map(number => `taken ${JSON.stringify(number)}\n`).join(''))
}

const late = JSON.parse(again) as [string, number][]
for (let from = 0; from < late.length; from += 100) await send(late.slice(from, from + 100))
for (let seq = 0; ; ) {
  const size = 1 + (seq % 7)
  void send(Array.from({ length: size }, (_, n) => [boot, seq + n]))
  seq += size
  await wait(1)
}
