/** An ingestion at another broker in a process of its own, to be killed: `<folder> <url> <key> <name or ''>`. */
import { writeSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { createIngestLink } from '../../../src/estate/ingestion/ingest-link.ts'
import { createIngestion } from '../../../src/estate/ingestion/ingestion.ts'
import type { IngestionObserver } from '../../../src/estate/ingestion/observer.ts'
import { openDirectoryLake } from '../../../src/estate/lake/directory-lake.ts'
import { systemClock } from '../../../src/shared/clock.ts'

const [, , folder = '', url = '', key = '', name = ''] = process.argv
const ingestion = createIngestion({
  lake: await openDirectoryLake(folder, systemClock),
  clock: systemClock,
  wait,
  told: () => {},
  observer: new Proxy({} as IngestionObserver, { get: () => () => {} }),
  flushMs: 50,
})
await createIngestLink({
  url,
  name: name === '' ? null : name,
  key,
  wait,
  receive: ingestion.receive,
  listening: () => void writeSync(1, 'listening\n'),
  changed: () => {},
}).start()
