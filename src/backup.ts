/** Copies what the server keeps, also while it runs. */
import { constants, setPriority } from 'node:os'
import { resolve } from 'node:path'
import { flagsOf, runCommand, serverConfig } from './backup/command-line.ts'
import { listBackups, listText, removeOldest } from './backup/list.ts'
import { placesOf } from './backup/places.ts'
import { createTell } from './backup/tell.ts'
import { bytesText } from './backup/words.ts'
import { systemClock } from './shared/clock.ts'

const HELP = `Backs up the databases of a server, also while it runs.

Usage: npm run backup -- [options]        in the image: node dist/backup.js [options]

  --to DIR        the folder of backups [backups, beside the database]
  --db FILE       the SQLite file of the server (LICENSE_DB_PATH)
  --keep N        afterwards remove the oldest backups beyond N
  --lake          copy the raw samples of the estate too: they may be many GB
  --no-compress   leave the copies as SQLite can open them
  --list          print which backups there are, and make none
  --json          print the manifest, or the list, as JSON
  -h, --help      print this

It reads the server's variables (npm start -- --help), so it finds what the server uses. A backup has the secret key of
the fleet in it: only its owner may read it. Exit code 0: made and checked; 1: failed, nothing is left of it;
64: wrong options; 78: wrong configuration. docs/backup.md says more.
`

await runCommand(async signal => {
  const { values, help } = flagsOf(
    {
      to: { preset: null },
      db: { preset: null },
      keep: { preset: 0, min: 1, max: 10_000, whole: true },
      lake: { preset: false },
      'no-compress': { preset: false },
      list: { preset: false },
      json: { preset: false },
    },
    0,
    'node dist/backup.js --help',
  )
  if (help) return void process.stdout.write(HELP)
  const config = serverConfig(values.db)
  const places = placesOf(config)
  const to = resolve(values.to ?? places.backups)
  const print = (value: unknown) => process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
  if (values.list) {
    const backups = listBackups(to)
    if (values.json) print(backups)
    else process.stdout.write(listText(to, backups, systemClock.now()))
    return
  }
  // All features come with it: what is wrong before is told sooner.
  const { backUp } = await import('./backup/back-up.ts')
  // The server's borrows go first.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
  const begun = systemClock.monotonic()
  const { folder, manifest } = await backUp({
    places,
    to,
    compress: !values['no-compress'],
    withLake: values.lake,
    build: config,
    clock: systemClock,
    signal,
    tell: createTell(process.stderr),
  })
  const removed = values.keep === 0 ? [] : removeOldest(to, values.keep)
  if (values.json) return void print(manifest)
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0)
  const seconds = ((systemClock.monotonic() - begun) / 1000).toFixed(1)
  const { open_borrows: open, borrows, charges, newest_at: newest } = manifest.counts
  process.stdout.write(
    `${folder}
  ${bytesText(bytes)} in ${seconds} s: ${open} open of ${borrows} borrows, ${charges} charges, newest ${newest ?? 'none'}
${manifest.left_out.map(what => `  not in it: ${what}\n`).join('')}${removed.map(name => `  removed: ${name}\n`).join('')}`,
  )
})
