/** A process that takes a lake into a database, to be killed: `taker.ts <lake> <database>`. */
import { prepareDatabase } from '../../../src/db/open.ts'
import { openDirectoryLake } from '../../../src/estate/lake/directory-lake.ts'
import { estateMigrations } from '../../../src/estate/migrations.ts'
import { createTransformStage } from '../../../src/estate/transform/stage.ts'
import { createWriter } from '../../../src/estate/transform/writer.ts'
import { systemClock } from '../../../src/shared/clock.ts'
import { DAY_MS, settings } from './settings.ts'

const [folder = '', path = ''] = process.argv.slice(2)
const database = { path, busyTimeoutMs: 5000 }
prepareDatabase(database, [estateMigrations], () => {})
const writer = createWriter({ database, settings, clock: systemClock, inline: false })
const stage = createTransformStage({
  lake: await openDirectoryLake(folder, systemClock),
  writer,
  clock: systemClock,
  wait: ms => new Promise(resolve => setTimeout(resolve, ms)),
  lakeKeepMs: 8 * DAY_MS,
  observer: {
    objectTaken: () => process.stdout.write('taken\n'),
    failed: (problem, detail) => process.stdout.write(`failed: ${problem} ${detail}\n`),
    recovered: () => {},
  },
})
stage.start()
