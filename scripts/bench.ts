/** Measures the license server against a bare Hono server, on this machine, now. */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { counts, countsIn } from './bench/counts.ts'
import { addHistory, widenPool } from './bench/fill.ts'
import * as load from './bench/load.ts'
import { residentMegabytes, startBareServer, startServer } from './bench/server.ts'
import { commandLine } from './command-line.ts'

const help = `Usage: npm run bench -- [options]

  --seconds N       length of each load [4]
  --rounds N        how often each load is repeated; the median is printed [3]
  --connections N   keep-alive connections [64]
  --history LIST    ended borrows in the database [1000,1000000,5000000]
  --quick           one round of one second, small histories: a smoke test
  -h, --help    print this
`

const flags = commandLine(help, {
  seconds: { preset: 4, min: 1, max: 3600 },
  rounds: { preset: 3, min: 1, max: 100, whole: true },
  connections: { preset: 64, min: 1, max: 10_000, whole: true },
  history: { preset: '1000,1000000,5000000', check: counts },
  quick: { preset: false },
})
const seconds = flags.quick ? 1 : flags.seconds
const rounds = flags.quick ? 1 : flags.rounds
const connections = flags.connections
const histories = flags.quick ? [1000, 20_000] : countsIn(flags.history)

const folder = mkdtempSync(join(tmpdir(), 'twinloop-bench-'))
const progress = (text: string) => process.stderr.write(`${text}\n`)
const print = (text = '') => process.stdout.write(`${text}\n`)
let failed = 0

try {
  const bare = await startBareServer(folder)
  const drive = async (url: string, requests: (typeof load)['borrow']) => {
    const figures = await load.drive({ url, seconds, connections, requests })
    failed += figures.failed
    return figures
  }
  await drive(bare.url, load.postEcho)

  print(
    `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, ${connections} connections, ${rounds} × ${seconds} s`,
  )
  print()
  const server = await startServer(folder, join(folder, 'main.db'))
  await widenPool(server.url)
  await drive(server.url, load.borrowAndReturn)
  const rows = {
    'bare POST echo': [] as Sample[],
    'durable borrows': [] as Sample[],
    'borrow+return pairs': [] as Sample[],
    'bare GET echo': [] as Sample[],
    'status reads': [] as Sample[],
  }
  for (let round = 1; round <= rounds; round++) {
    progress(`round ${round} of ${rounds}`)
    const post = await drive(bare.url, load.postEcho)
    rows['bare POST echo'].push({ ...post, ratio: 1 })
    const borrows = await drive(server.url, load.borrow)
    rows['durable borrows'].push({ ...borrows, ratio: borrows.perSecond / post.perSecond })
    const both = await drive(server.url, load.borrowAndReturn)
    const pairs = { ...both, perSecond: both.perSecond / 2 }
    rows['borrow+return pairs'].push({ ...pairs, ratio: both.perSecond / post.perSecond })
    const get = await drive(bare.url, load.getEcho)
    rows['bare GET echo'].push({ ...get, ratio: 1 })
    const reads = await drive(server.url, load.readStatus)
    rows['status reads'].push({ ...reads, ratio: reads.perSecond / get.perSecond })
  }
  print('                         per s   ratio   p50 ms   p95 ms   p99 ms')
  for (const [name, samples] of Object.entries(rows)) {
    const column = (key: keyof Sample, digits: number, width: number) =>
      median(samples.map(sample => sample[key]))
        .toFixed(digits)
        .padStart(width)
    print(
      `${name.padEnd(20)} ${column('perSecond', 0, 9)} ${column('ratio', 2, 7)} ${column('p50', 2, 8)} ${column('p95', 2, 8)} ${column('p99', 2, 8)}`,
    )
  }
  print('Ratios are to the bare echo of the same round; a pair counts as its two requests.')
  print(`Resident memory after these loads: ${await residentMegabytes(server.url)} MB`)
  await server.stop()

  print()
  print('ended borrows   µs per borrow   ratio to bare POST')
  for (const borrows of histories) {
    progress(`history of ${borrows}`)
    const dbPath = join(folder, `history-${borrows}.db`)
    await (await startServer(folder, dbPath)).stop()
    addHistory(dbPath, borrows)
    const old = await startServer(folder, dbPath)
    await widenPool(old.url)
    await drive(old.url, load.borrow)
    const samples: Sample[] = []
    for (let round = 1; round <= rounds; round++) {
      const post = await drive(bare.url, load.postEcho)
      const figures = await drive(old.url, load.borrow)
      samples.push({ ...figures, ratio: figures.perSecond / post.perSecond })
    }
    const cost = 1e6 / median(samples.map(({ perSecond }) => perSecond))
    const ratio = median(samples.map(sample => sample.ratio))
    print(`${String(borrows).padStart(13)} ${cost.toFixed(1).padStart(15)} ${ratio.toFixed(2).padStart(20)}`)
    await old.stop()
    rmSync(dbPath)
  }
  await bare.stop()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (failed > 0) {
  process.stderr.write(`${failed} requests were not answered with success: the figures do not count\n`)
  process.exitCode = 1
}

type Sample = load.Figures & { ratio: number }

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
