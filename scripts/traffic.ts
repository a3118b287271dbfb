/** Sends seeded traffic to a server that runs. */
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { seededRandom } from '../src/shared/random.ts'
import { runTraffic } from '../src/simulator/traffic.ts'

const help = `Sends traffic to a running server: people borrow, hold and give back.

Usage: npm run traffic -- [options]

  --url URL      the server [http://localhost:8000]
  --rate N       things done a second, 0.1 to 2000 [20]
  --seconds N    how long, 1 to 86400 [60]
  --seed N       the same seed makes the same traffic [1]
  -h, --help     print this
`

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://localhost:8000' },
    rate: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

if (values.help) process.stdout.write(help)
else await run()

async function run(): Promise<void> {
  const problems: string[] = []
  const number = (name: 'rate' | 'seconds' | 'seed', min: number, max: number): number => {
    const value = Number(values[name])
    if (!(value >= min && value <= max)) problems.push(`--${name}: must be a number from ${min} to ${max}`)
    return value
  }
  const rate = number('rate', 0.1, 2000)
  const seconds = number('seconds', 1, 86_400)
  const seed = number('seed', 0, 2 ** 31)
  if (!URL.canParse(values.url)) problems.push('--url: must be an address')
  if (problems.length > 0) {
    process.stderr.write(`${problems.join('\n')}\n`)
    process.exitCode = 78
    return
  }
  const headers = { 'content-type': 'application/json' }
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  try {
    const summary = await runTraffic({
      send: (path, init) =>
        fetch(new URL(path, values.url), { headers, ...init, signal: AbortSignal.timeout(10_000) }),
      random: seededRandom(seed),
      rate,
      seconds,
      wait,
      signal: stop.signal,
      onProgress: ({ sent, granted, denied, failed }) =>
        process.stderr.write(`\r${sent} sent, ${granted} granted, ${denied} denied, ${failed} failed `),
    })
    process.stderr.write('\n')
    process.stdout.write(`${JSON.stringify(summary)}\n`)
  } catch (error) {
    process.stderr.write(`${values.url} cannot be used: ${(error as Error).message}\n  Try: npm start\n`)
    process.exitCode = 1
  }
}
