/** The whole loop on this machine; scripts/local-devops-loop installs what this needs, and starts it. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { DeliveryKpis, DeploymentShape } from '../src/delivery/api.ts'
import { systemClock } from '../src/shared/clock.ts'
import { seededRandom } from '../src/shared/random.ts'
import { runTraffic } from '../src/simulator/traffic.ts'
import { askServer } from './deploy-gate/ask.ts'
import { passGate } from './deploy-gate/gate.ts'
import { deploymentText, figuresText } from './devops-loop/figures.ts'
import { decideOptions } from './devops-loop/options.ts'
import { builtRelease, placesOf } from './devops-loop/places.ts'
import { type Planned, planOf, planText, type StepName } from './devops-loop/plan.ts'
import { createProgress } from './devops-loop/progress.ts'
import { runLogged } from './devops-loop/run-logged.ts'
import { seeBorrowThrough } from './devops-loop/seen-through.ts'
import { engineHere, serverOf } from './devops-loop/server.ts'
import { isGood, type Row, runSteps, tableOf } from './devops-loop/steps.ts'
import { sendTo } from './send-to.ts'
import { appClash } from './stack/app-port.ts'
import { decideSettings } from './stack/settings.ts'
import { readVariables } from './stack/variables.ts'
import { ask } from './test-stack/ask.ts'

const EX_USAGE = 64
const INTERRUPTED = 130
const GATE = { timeoutMs: 60_000, watchMs: 10_000, everyMs: 500, p95Ms: 2000 }
const ANSWER_MS = 10_000

const root = fileURLToPath(new URL('..', import.meta.url))
const stop = new AbortController()
const hurry = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (stop.signal.aborted) hurry.abort()
    else say('stopping (once more: at once)')
    stop.abort()
  })
const { stdout } = process
// A terminal that is gone must not keep what runs from being stopped.
stdout.on('error', () => {})
const progress = createProgress(text => stdout.write(text), stdout.isTTY, systemClock.monotonic)

const { options, problems } = decideOptions(process.argv.slice(2), stdout.isTTY && process.stdin.isTTY)
if (problems.length > 0) {
  const text = problems.map(each => `${each}\n`).join('')
  process.stderr.write(`${text}  Try: scripts/local-devops-loop --help\n`)
  process.exit(EX_USAGE)
}
const began = systemClock.now()
const engine = options.engine ?? (await engineHere())
const plan = planOf(options, engine)
const places = placesOf(root, options, engine, process.env)
const server = serverOf(engine, places)
let isStarted = false
function dryRun(): number {
  stdout.write(`${engine}, at ${places.url}, data in ${places.data}; nothing is done:\n${planText(plan)}`)
  return 0
}

async function loop(): Promise<number> {
  const clash = await portClash()
  if (clash) {
    say(`${clash}\n  Or for this loop: --port ${options.port + 1}`)
    return 1
  }
  const installSeconds = process.env.LOOP_INSTALL_SECONDS
  const install: Row = installSeconds
    ? { name: 'install', seconds: Number(installSeconds), result: 'ok', note: '' }
    : { name: 'install', seconds: null, result: 'skipped', note: '' }
  const planned = plan.filter(({ name }) => name !== 'install')
  const steps = planned.map(each => ({ name: each.name, run: () => runStep(each) }))
  const rows = [
    install,
    ...(await runSteps(steps, { now: systemClock.monotonic, say: sayStep, stopping: stop.signal })),
  ]
  const isFine = isGood(rows)
  say(`\n${tableOf(rows)}`)
  const stays = isStarted && (options.afterwards === 'keep' || (isFine && options.afterwards === 'wait'))
  if (isStarted && stays && !stop.signal.aborted) say(`${server.addresses()}\n`)
  if (stays && options.afterwards === 'keep' && !stop.signal.aborted) {
    say(`It runs on. To stop it: ${server.howToStop}`)
    return isFine ? 0 : 1
  }
  if (stays && !stop.signal.aborted) {
    say('It runs until Ctrl-C.')
    const isAlive = setInterval(() => {}, 60_000)
    await new Promise(resolve => stop.signal.addEventListener('abort', resolve))
    clearInterval(isAlive)
    await stopServer()
    return 0
  }
  await stopServer()
  if (stop.signal.aborted) return INTERRUPTED
  return isFine ? 0 : 1
}

/** @returns what people should know; null: skipped @throws Error why it failed */
async function runStep({ name, command, skipped }: Planned): Promise<string | null> {
  if (skipped) return null
  if (name === 'start') await beginServer()
  if (command) {
    await run(name, command)
    return ''
  }
  return own[name as keyof typeof own]()
}

const own = {
  async gate() {
    const expected = builtRelease(places, engine)
    const verdict = await passGate({
      ...GATE,
      ask: askServer(places.url, ANSWER_MS),
      time: { monotonic: systemClock.monotonic, wait },
      expected,
      borrowKey: () => `devops-loop-${randomUUID()}`,
      say: line => say(`  ${line}`),
      stopping: stop.signal,
    })
    if (verdict.is === 'failed') throw new Error(verdict.problems.join('; '))
    return ''
  },
  async traffic() {
    const { rate, seconds } = options
    const summary = await runTraffic({
      send: sendTo(places.url),
      random: seededRandom(1),
      rate,
      seconds,
      wait,
      clock: systemClock,
      signal: stop.signal,
      onProgress: ({ sent, granted, denied, failed }) =>
        progress.show(`${sent} sent, ${granted} granted, ${denied} denied, ${failed} failed`),
    })
    const { sent, granted, denied, failed } = summary
    if (failed > 0) throw new Error(`${failed} of ${sent} requests failed`)
    return `${sent} sent, ${granted} borrows granted, ${denied} denied`
  },
  borrow: () => seeBorrowThrough(places.url, server.logText, randomUUID()),
  async figures() {
    const { deployments } = await ask<{ deployments: DeploymentShape[] }>(`${places.url}/deployments`)
    say(figuresText(await ask<DeliveryKpis>(`${places.url}/delivery/kpis`)).trimEnd())
    return deploymentText(deployments, began)
  },
} satisfies Partial<Record<StepName, () => Promise<string>>>

/** A server of a run before makes room: that is what a deployment does. */
async function beginServer(): Promise<void> {
  if (await server.isThere()) {
    say('  the one that runs makes room')
    await run('stop', server.down)
  }
  isStarted = true
}

async function stopServer(): Promise<void> {
  if (!isStarted) return
  say('what was started is being stopped')
  try {
    await run('stop', server.down, new AbortController().signal)
  } catch (error) {
    say(`${(error as Error).message}\n  To stop it: ${server.howToStop}`)
  }
}

async function portClash(): Promise<string | null> {
  if (engine !== 'native' || (await server.isThere())) return null
  return appClash(decideSettings(root, readVariables(root, places.env)).settings)
}

const run = (name: string, command: readonly string[], stopping = stop.signal) =>
  runLogged(command, {
    cwd: root,
    env: places.env,
    log: join(places.data, 'logs', `${name}.log`),
    progress: progress.show,
    stopping,
    hurry: hurry.signal,
  })

function sayStep(line: string): void {
  if (line.startsWith('\n[')) progress.begin()
  say(line)
}

function say(line: string): void {
  progress.say(line)
}

async function wait(ms: number): Promise<void> {
  await sleep(ms, undefined, { signal: stop.signal }).catch(() => {})
}

// Last, when all of the above is there.
process.exitCode = options.dryRun ? dryRun() : await loop()
