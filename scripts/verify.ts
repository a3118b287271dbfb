/** What must hold before a commit, in seconds: format, lint, types, architecture, documents. */
import { spawn } from 'node:child_process'

const checks: Record<string, string[]> = {
  'format and lint': ['biome', 'check', '--error-on-warnings', '.'],
  'types of the server': ['tsc'],
  'types of the pages': ['tsc', '-p', 'src/web'],
  'types of the tests of pages': ['tsc', '-p', 'tests/pages'],
  'generated rules': ['tsx', 'scripts/rules.ts', '--check'],
  'generated dashboards': ['tsx', 'scripts/dashboards.ts', '--check'],
  'architecture and documents': ['vitest', 'run', 'tests/architecture'],
}

const results = await Promise.all(Object.entries(checks).map(([name, command]) => run(name, command)))
if (results.includes(false)) process.exitCode = 1

function run(name: string, [program = '', ...args]: string[]): Promise<boolean> {
  const child = spawn(`node_modules/.bin/${program}`, args, {
    cwd: new URL('..', import.meta.url),
    env: { ...process.env, SKIP_BUILD: '1' },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', part => {
      output += part
    })
  return new Promise(resolve =>
    child.on('close', code => {
      process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${name}\n${code === 0 ? '' : `${output}\n`}`)
      resolve(code === 0)
    }),
  )
}
