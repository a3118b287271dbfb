/** The gate as a process, at a real socket: exit codes, the shell's command, signals. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitFor } from '../support/wait-for.ts'
import { NEW, OLD } from './gate-world.ts'
import { root } from './stack-world.ts'

/** A server that runs the new commit until the file `back` is there. */
async function deployed({ ready = true } = {}) {
  const folder = temporaryFolder()
  const isBack = () => existsSync(join(folder, 'back'))
  const server = createServer(({ url }, response) => {
    const isReady = ready || isBack()
    response.statusCode = url === '/version' ? 200 : url === '/readyz' && isReady ? 200 : 503
    response.end(JSON.stringify({ status: 'ok', version: '1.2.3', commit: isBack() ? OLD : NEW }))
  }).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, back: `touch ${folder}/back` }
}

function gate(...args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/deploy-gate.ts', ...args], { cwd: root })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', part => {
      output += part
    })
  const ended = new Promise<number | null>(resolve => child.once('close', code => resolve(code)))
  return { child, ended, output: () => output }
}

const quick = ['--commit', NEW, '--timeout', '1', '--for', '1', '--every', '0.2']

test('a release that is well: 0', async () => {
  const { url, back } = await deployed()
  const run = gate('--url', url, ...quick, '--rollback', back)
  expect(await run.ended).toBe(0)
  expect(run.output()).toContain('passed')
  expect(run.output()).not.toContain('back ')
})

test('a release that is not, and a rollback that works: 1', async () => {
  const { url, back } = await deployed({ ready: false })
  const run = gate('--url', url, ...quick, '--rollback', back, '--previous', OLD)
  expect(await run.ended).toBe(1)
  expect(run.output()).toMatch(/FAILED {2}not up after .*\/readyz: 503/)
  expect(run.output()).toContain('what ran before runs again')
})

test.each([
  ['fails', 'exit 4', 'exit code 4'],
  ['takes too long', 'sleep 60', 'was ended after 1 s'],
])('a rollback that %s: 2', async (_name, command, why) => {
  const { url } = await deployed({ ready: false })
  const run = gate('--url', url, ...quick, '--rollback', command, '--rollback-timeout', '1')
  expect(await run.ended).toBe(2)
  expect(run.output()).toMatch(/FAILED {2}the rollback/)
  expect(run.output()).toContain(why)
})

test('nothing to roll back with: 3', async () => {
  const { url } = await deployed({ ready: false })
  expect(await gate('--url', url, ...quick).ended).toBe(3)
})

test('not understood: 64', async () => {
  const run = gate('--url', 'nowhere')
  expect(await run.ended).toBe(64)
  expect(run.output()).toContain('Try: npm run deploy:gate -- --help')
})

test('Ctrl-C while it watches: 130, and nothing is rolled back', async () => {
  const { url, back } = await deployed()
  const run = gate('--url', url, ...quick, '--for', '600', '--timeout', '60', '--rollback', back)
  await waitFor(() => run.output().includes('up  '), 20_000)
  run.child.kill('SIGINT')
  expect(await run.ended).toBe(130)
  expect(run.output()).toContain('nothing was rolled back')
  expect(existsSync(back.replace('touch ', ''))).toBe(false)
})
