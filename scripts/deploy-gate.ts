/** Judges a release that was just deployed, and goes back when it is not well; `--help` tells more. */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { systemClock } from '../src/shared/clock.ts'
import { askServer } from './deploy-gate/ask.ts'
import { type Gate, passGate } from './deploy-gate/gate.ts'
import { named } from './deploy-gate/judge.ts'
import { decideOptions, type Options, usage } from './deploy-gate/options.ts'
import { rollBack } from './deploy-gate/rollback.ts'
import { shellCommand } from './deploy-gate/run-command.ts'

const exits = { passed: 0, rolledBack: 1, rollbackFailed: 2, noRollback: 3, usage: 64, interrupted: 130 }
const ANSWER_MS = 10_000

const stop = new AbortController()
const hurry = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (stop.signal.aborted) hurry.abort()
    stop.abort()
  })

const { options, problems } = decideOptions(process.argv.slice(2))
if (problems.length > 0) {
  process.stderr.write(`${problems.map(each => `${each}\n`).join('')}  Try: npm run deploy:gate -- --help\n`)
  process.exitCode = exits.usage
} else if (options === null) process.stdout.write(usage)
else process.exitCode = await judge(options)

async function judge(options: Options): Promise<number> {
  const expected = { version: options.version, commit: options.commit }
  const gate: Gate = {
    ask: askServer(options.url, ANSWER_MS),
    time: { monotonic: systemClock.monotonic, wait: waitUnlessStopped },
    expected,
    timeoutMs: options.timeoutSeconds * 1000,
    watchMs: options.forSeconds * 1000,
    everyMs: options.everySeconds * 1000,
    p95Ms: options.p95Ms,
    borrowKey: options.probeBorrow ? () => `deploy-gate-${randomUUID()}` : null,
    say,
    stopping: stop.signal,
  }
  say(`gate    ${named(expected)} at ${options.url}`)
  const verdict = await passGate(gate)
  if (verdict.is === 'passed') return exits.passed
  if (verdict.is === 'interrupted') {
    say('stopped by a signal: nothing was decided, and nothing was rolled back')
    return exits.interrupted
  }
  for (const problem of verdict.problems) say(`FAILED  ${problem}`)
  if (options.rollback === null) {
    say('There is no --rollback, so the release that failed still runs.')
    return exits.noRollback
  }
  const why = await rollBack({
    command: options.rollback,
    run: shellCommand(hurry.signal),
    timeoutMs: options.rollbackTimeoutSeconds * 1000,
    failed: expected,
    previous: options.previous,
    waiting: { ...gate, time: { ...gate.time, wait: ms => wait(ms) }, stopping: hurry.signal },
  })
  say(why === null ? 'The gate failed; what ran before runs again.' : `FAILED  the rollback: ${why}`)
  return why === null ? exits.rolledBack : exits.rollbackFailed
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

async function waitUnlessStopped(ms: number): Promise<void> {
  await wait(ms, undefined, { signal: stop.signal }).catch(() => {})
}
