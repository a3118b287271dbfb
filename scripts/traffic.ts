/** Sends seeded traffic to a server that runs. */
import { setTimeout as wait } from 'node:timers/promises'
import { systemClock } from '../src/shared/clock.ts'
import { seededRandom } from '../src/shared/random.ts'
import { type Mix, readMix, runTraffic } from '../src/simulator/traffic.ts'
import { commandLine } from './command-line.ts'
import { sendTo } from './send-to.ts'

const help = `Sends traffic to a running server: people borrow, hold and give back.

Usage: npm run traffic -- [options]

  --url URL      the server [http://localhost:8000]
  --rate N       things done a second, 0.1 to 2000 [20]
  --seconds N    how long, 1 to 86400 [60]
  --seed N       the same seed makes the same traffic [1]
  --mix WEIGHTS  what is done: borrow, give_back, look, ask_for_nothing, frontend_error; those left out
                 keep their own weight [borrow=47,give_back=43,look=6,ask_for_nothing=2,frontend_error=0.05]
  --retries N    times that a borrow that failed is asked again at once, 0 to 10 [0]
  -h, --help     print this
`

const values = commandLine(help, {
  url: { preset: 'http://localhost:8000', check: text => (URL.canParse(text) ? null : 'must be an address') },
  rate: { preset: 20, min: 0.1, max: 2000 },
  seconds: { preset: 60, min: 1, max: 86_400 },
  seed: { preset: 1, min: 0, max: 2 ** 31 },
  mix: {
    preset: '',
    check: text => {
      const mix = readMix(text)
      return 'problem' in mix ? mix.problem : null
    },
  },
  retries: { preset: 0, min: 0, max: 10 },
})

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
try {
  const summary = await runTraffic({
    send: sendTo(values.url),
    random: seededRandom(values.seed),
    rate: values.rate,
    seconds: values.seconds,
    mix: readMix(values.mix) as Partial<Mix>,
    retries: values.retries,
    wait,
    clock: systemClock,
    signal: stop.signal,
    onProgress: ({ sent, granted, denied, failed, retried }) =>
      process.stderr.write(
        `\r${sent} sent, ${granted} granted, ${denied} denied, ${failed} failed, ${retried} asked again `,
      ),
  })
  process.stderr.write('\n')
  process.stdout.write(`${JSON.stringify(summary)}\n`)
} catch (error) {
  process.stderr.write(`${values.url} cannot be used: ${(error as Error).message}\n  Try: npm start\n`)
  process.exitCode = 1
}
