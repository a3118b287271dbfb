/** Measures a room full of phones: their streams beside borrows, thousands of quiet ones, and all of them coming back at once. */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { widenPool } from './bench/fill.ts'
import { startServer } from './bench/server.ts'
import { startBareStreams } from './bench-audience/bare-streams.ts'
import { allGone, beside, lasted, spent } from './bench-audience/beside.ts'
import { type ReturnFigures, startPhones } from './bench-audience/phones.ts'
import { costOf } from './bench-audience/server-cost.ts'
import { printTable } from './bench-audience/table.ts'
import { commandLine } from './command-line.ts'

const help = `Usage: npm run bench:audience -- [options]

  --seconds N   how long each part is watched [20]
  --phones N    phones of the audience [500]
  --idle N      streams that are held open [5000]
  --borrows N   borrows a second beside them [100]
  --quick       few seconds, few phones: a smoke test
  -h, --help    print this

It ends with 1 when something fell over: a phone that could not connect or did not come back, a stream that was let go,
a borrow that was not granted. Slow figures are figures.
`

const flags = commandLine(help, {
  seconds: { preset: 20, min: 1, max: 3600 },
  phones: { preset: 500, min: 1, max: 50_000, whole: true },
  idle: { preset: 5000, min: 1, max: 50_000, whole: true },
  borrows: { preset: 100, min: 1, max: 10_000 },
  quick: { preset: false },
})

const print = (text = '') => process.stdout.write(`${text}\n`)
const progress = (text: string) => process.stderr.write(`${text}\n`)
const troubles: string[] = []
const expectAll = (what: string, wanted: number, got: number) => {
  if (got !== wanted) troubles.push(`${what}: ${got} of ${wanted}`)
}

const seconds = flags.quick ? 4 : flags.seconds
const perSecond = flags.borrows
const wanted = flags.quick ? { phones: 50, idle: 300 } : { phones: flags.phones, idle: flags.idle }
/** Each process of this bench has one end of every stream, and a few files. */
const files = openFiles()
const possible = (count: number) => Math.min(count, files - 256)
const phones = possible(wanted.phones)
const idle = possible(wanted.idle)

const folder = mkdtempSync(join(tmpdir(), 'twinloop-bench-'))
try {
  print(
    `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}; ${perSecond} borrows a second, ${seconds} s each part`,
  )
  print(
    'The server, its writer thread, the phones and the borrowers share these cores: alone the server would do better.',
  )
  print(
    `Open files allowed: ${files}${idle < wanted.idle ? `, so ${idle} streams instead of ${wanted.idle} (ulimit -n)` : ''}`,
  )
  print()
  const server = await startServer(folder, join(folder, 'main.db'))
  const port = Number(new URL(server.url).port)
  await widenPool(server.url)
  const answer = await fetch(`${server.url}/stream/snapshot?topics=pools,room`)
  const topics = answer.ok ? 'pools,room' : 'pools'
  const path = `/stream?topics=${topics}&every=1000`

  progress('borrows alone')
  await beside(server.url, perSecond, () => wait(2000))
  const alone = await beside(server.url, perSecond, () => wait(seconds * 1000))

  progress(`${phones} phones`)
  const room = startPhones()
  expectAll('phones that connected', phones, await room.open(port, path, phones))
  await wait(1500)
  const full = await beside(server.url, perSecond, () => room.watch(seconds))
  progress('all are cut off')
  const returned = await beside(server.url, perSecond, () => room.cut())
  await room.end()

  progress(`${idle} idle streams`)
  await allGone(server.url)
  const before = await costOf(server.url)
  const crowd = startPhones()
  expectAll(
    'idle streams that connected',
    idle,
    await crowd.open(port, '/stream?topics=alerts&every=1000', idle),
  )
  await wait(1500)
  const held = await beside(server.url, perSecond, () => crowd.watch(seconds))
  expectAll('idle streams at the end', idle, held.did.connected)
  await crowd.end()

  progress(`${idle} phones`)
  await allGone(server.url)
  const stadium = startPhones()
  expectAll(`phones of ${idle} that connected`, idle, await stadium.open(port, path, idle))
  await wait(1500)
  const packed = await beside(server.url, perSecond, () => stadium.watch(seconds))
  await stadium.end()
  await allGone(server.url)
  expectAll('streams let go', 0, (await costOf(server.url)).dropped)
  await server.stop()

  progress('a bare server')
  const bytes = Math.round(full.did.bytes / full.did.frames)
  const bare = await startBareStreams(bytes)
  const many = startPhones()
  await many.open(bare.port, '/', idle)
  await wait(1500)
  const from = await costOf(bare.url)
  const plain = await many.watch(seconds)
  const to = await costOf(bare.url)
  await many.end()
  const few = startPhones()
  await few.open(bare.port, '/', phones)
  const plainReturned = await few.cut()
  await few.end()
  await bare.stop()

  printTable({ alone, full, held, packed, returned }, { phones, idle, seconds }, print)
  const kilobytes = ((held.to.megabytes - before.megabytes) * 1024) / idle
  print(
    `memory for each idle stream: ${kilobytes.toFixed(1)} KB; streams let go: ${troubles.some(t => t.startsWith('streams let go')) ? 'some' : 0}`,
  )
  for (const { did } of [full, packed])
    if (did.missed > 0) print(`${did.missed} frames were missed: those phones had the next one`)
  const perFrame = (used: number, frames: number) => (used * 1e6) / frames
  // What the same streams cost when nothing is sent on them, and the borrows beside them, is not the frames' cost.
  const ours = perFrame(spent(packed) - (spent(held) * lasted(packed)) / lasted(held), packed.did.frames)
  const theirs = perFrame(to.cpuSeconds - from.cpuSeconds, plain.frames)
  print(
    ours > 0
      ? `CPU for each frame sent to ${idle} phones: ${ours.toFixed(0)} µs; a bare server's broadcast to as many: ${theirs.toFixed(0)} µs; ratio ${(ours / theirs).toFixed(2)}`
      : 'CPU for each frame sent: too little beside what else was done to tell',
  )
  const back = ({ seconds, failed }: ReturnFigures) => `${seconds.toFixed(2)} s, ${failed} failed attempts`
  print(
    `${phones} phones cut off, until all are back: ${back(returned.did)}; at a bare server ${back(plainReturned)} (0.5 to 1.5 s of it is their jitter)`,
  )
  expectAll('phones that came back', phones, returned.did.back)
  for (const { borrows } of [alone, full, held, packed, returned])
    expectAll('borrows not granted', 0, borrows.failed)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (troubles.length > 0) {
  process.stderr.write(`It fell over:\n${troubles.map(text => `  ${text}`).join('\n')}\n`)
  process.exitCode = 1
}

/** How many files a process may have open here; where it cannot be known, as many as it wants. */
function openFiles(): number {
  const report = process.report?.getReport() as { userLimits?: { open_files?: { soft?: number | string } } }
  const soft = report?.userLimits?.open_files?.soft
  return typeof soft === 'number' ? soft : Number.MAX_SAFE_INTEGER
}
