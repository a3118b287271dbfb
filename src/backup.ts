/** Copies what the server keeps, also while it runs. */
import { constants, setPriority } from 'node:os'
import { resolve } from 'node:path'
import { readFlags, runCommand, serverConfig, usage } from './backup/command-line.ts'
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
const HELP_LINE = 'node dist/backup.js --help'

await runCommand(async signal => {
  const { text, isOn } = readFlags(
    process.argv.slice(2),
    {
      to: 'string',
      db: 'string',
      keep: 'string',
      lake: 'boolean',
      'no-compress': 'boolean',
      list: 'boolean',
      json: 'boolean',
    },
    0,
    HELP_LINE,
  )
  if (isOn('help')) return void process.stdout.write(HELP)
  const keep = text.keep === undefined ? null : Number(text.keep)
  if (keep !== null && !(/^\d+$/.test(text.keep ?? '') && keep >= 1 && keep <= 10_000))
    throw usage(
      [`--keep: must be a whole number from 1 to 10000 (it is "${text.keep?.slice(0, 60)}")`],
      HELP_LINE,
    )
  const config = serverConfig(text.db)
  const places = placesOf(config)
  const to = resolve(text.to ?? places.backups)
  const print = (value: unknown) => process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
  if (isOn('list')) {
    const backups = listBackups(to)
    if (isOn('json')) print(backups)
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
    compress: !isOn('no-compress'),
    withLake: isOn('lake'),
    build: config,
    clock: systemClock,
    signal,
    tell: createTell(process.stderr),
  })
  const removed = keep === null ? [] : removeOldest(to, keep)
  if (isOn('json')) return void print(manifest)
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0)
  const seconds = ((systemClock.monotonic() - begun) / 1000).toFixed(1)
  const { open_borrows: open, borrows, charges, newest_at: newest } = manifest.counts
  process.stdout.write(
    `${folder}
  ${bytesText(bytes)} in ${seconds} s: ${open} open of ${borrows} borrows, ${charges} charges, newest ${newest ?? 'none'}
${manifest.left_out.map(what => `  not in it: ${what}\n`).join('')}${removed.map(name => `  removed: ${name}\n`).join('')}`,
  )
})
