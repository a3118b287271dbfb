/** The steps of the loop, as commands where they are commands. Pure. */
import type { Engine, Options, TestSet } from './options.ts'

export type StepName =
  | 'install'
  | 'verify'
  | 'build'
  | 'tests'
  | 'start'
  | 'gate'
  | 'traffic'
  | 'borrow'
  | 'figures'

export interface Planned {
  name: StepName
  /** What it does, in words for people, or the command line itself. */
  what: string
  /** null: done by the loop itself. */
  command: readonly string[] | null
  skipped: boolean
}

/** What is run with `--tests`: minutes lie between them. The quick set is what decides about borrows and deployments. */
const testFolders: Record<TestSet, readonly string[] | null> = {
  none: null,
  quick: ['tests/config', 'tests/shared', 'tests/db', 'tests/licensing', 'tests/delivery'],
  full: [],
}

const COMPOSE = ['docker', 'compose', '--project-name', 'twinloop-loop'] as const
/** How the containers of the loop are ended. Their volumes stay, and with them what was deployed. */
export const composeDown = [...COMPOSE, 'down', '--timeout', '20']
export const composeLogs = [...COMPOSE, 'logs', '--no-color', '--no-log-prefix', '--since', '2m', 'app']

/** @param engine what was decided for, if the options leave it open */
export function planOf(
  options: Pick<Options, 'tests' | 'seconds' | 'rate' | 'port'>,
  engine: Engine,
): Planned[] {
  const { tests, seconds, rate, port } = options
  const folders = testFolders[tests]
  const run = (name: StepName, command: readonly string[], skipped = false): Planned => ({
    name,
    what: command.join(' '),
    command,
    skipped,
  })
  const own = (name: StepName, what: string): Planned => ({ name, what, command: null, skipped: false })
  return [
    own('install', 'npm ci, when node_modules is not there or older than package-lock.json'),
    run('verify', ['npm', 'run', '--silent', 'verify']),
    run('build', ['npm', 'run', '--silent', 'build']),
    // What is tested is what is started: the tests do not build again.
    run('tests', ['npx', 'vitest', 'run', ...(folders ?? [])], folders === null),
    run(
      'start',
      engine === 'compose'
        ? [...COMPOSE, 'up', '--build', '--detach', '--wait', '--wait-timeout', '300']
        : ['npm', 'run', '--silent', 'stack', '--', '--detach'],
    ),
    own('gate', `the health gate at http://localhost:${port}: ready, the right commit, well for 10 s`),
    own('traffic', `${rate} things a second for ${seconds} s, seed 1`),
    own('borrow', 'a borrow and a return, seen in the list, the log and the metric'),
    own('figures', 'the deployment, and delivery figures from the rows of all deployments'),
  ]
}

/** The plan in words for people. */
export const planText = (plan: readonly Planned[]): string =>
  plan
    .map(
      ({ name, what, skipped }, index) => `${index + 1}. ${name.padEnd(8)} ${skipped ? 'skipped' : what}\n`,
    )
    .join('')
