/** Puts a backup in the place of what a server keeps. */
import { resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { flagsOf, runCommand, serverConfig, usage } from './backup/command-line.ts'
import { readManifest } from './backup/manifest.ts'
import { placesOf } from './backup/places.ts'
import { planRestore, presentAt } from './backup/plan.ts'
import { restoredText } from './backup/restored-text.ts'
import { createTell } from './backup/tell.ts'
import { ageText } from './backup/words.ts'
import { systemClock } from './shared/clock.ts'

const HELP = `Puts a backup in the place of the databases of a server. The server must be stopped.

Usage: npm run restore -- FOLDER [options]        in the image: node dist/restore.js FOLDER [options]

  FOLDER       one backup: .../twinloop-2026-11-22T031500Z (npm run backup -- --list names them)
  --db FILE    the SQLite file of the server (LICENSE_DB_PATH)
  --yes        do not ask
  -h, --help   print this

It reads the server's variables (npm start -- --help), so it finds what the server uses. All of the backup is checked
first. What is there now is kept beside it, as FILE.before-restore-TIME. Exit code 0: restored; 1: failed, and what was
there is there; 64: wrong options; 78: wrong configuration. docs/backup.md says more.
`

await runCommand(async signal => {
  const { values, help, positionals } = flagsOf(
    { db: { preset: null }, yes: { preset: false } },
    1,
    'node dist/restore.js --help',
  )
  if (help) return void process.stdout.write(HELP)
  const [given] = positionals
  if (given === undefined) throw usage(['Which backup? Its folder is missing'], 'node dist/backup.js --list')
  const places = placesOf(serverConfig(values.db))
  const folder = resolve(given)
  const manifest = readManifest(folder)
  const plan = planRestore(manifest, places)
  const present = plan.moves.filter(move => presentAt(move).length > 0).map(({ target }) => target)
  const age = ageText(systemClock.now() - Date.parse(manifest.made_at))
  process.stderr.write(
    `${folder}\n  made ${manifest.made_at}, ${age} ago, by ${manifest.version} (${manifest.commit}): ${manifest.counts.open_borrows} open of ${manifest.counts.borrows} borrows\n`,
  )
  if (present.length > 0 && !values.yes) {
    process.stderr.write(`It takes the place of:\n${present.map(path => `  ${path}\n`).join('')}`)
    if (!process.stdin.isTTY) throw usage(['Whether to go on was not said'], 'the same with --yes')
    if (!(await agrees(signal))) throw usage(['Nothing was changed'], 'the same with --yes')
  }
  // All features come with it: what is wrong before is told sooner.
  const { restoreBackup } = await import('./backup/restore-backup.ts')
  const tell = createTell(process.stderr)
  const restored = await restoreBackup({ folder, plan, clock: systemClock, signal, tell })
  process.stdout.write(restoredText(plan, restored))
})

async function agrees(signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test(await terminal.question('Go on? [y/N] ', { signal }))
  } finally {
    terminal.close()
  }
}
