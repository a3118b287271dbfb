import { join } from 'node:path'
import { expect, test } from 'vitest'
import { birthOf, end, start } from '../../scripts/stack/processes.ts'
import { identify, isAlive } from '../../scripts/stack/state.ts'
import { lastLines } from '../../scripts/stack/tail.ts'
import { until } from '../../scripts/stack/wait.ts'
import { temporaryFolder } from '../support/world.ts'

function startScript(script: string) {
  const log = join(temporaryFolder(), 'out.log')
  const command = { program: process.execPath, args: ['-e', script], env: {} }
  const child = start(command, { cwd: '/', env: process.env, log })
  return { ...child, pid: child.pid ?? 0, log }
}

test('a process is told from a later one with its id', async () => {
  const here = await identify(process.pid)
  expect(here && (await isAlive(here))).toBe(true)
  expect(await isAlive({ pid: process.pid, birth: 'another time' })).toBe(false)
  expect(await birthOf(2 ** 22 + 1)).toBeNull()
})

test('how a process ended is said as a shell says it', async () => {
  expect(await startScript('process.exit(3)').exited).toEqual({ code: 3, why: 'exit code 3' })
  expect((await startScript('process.kill(process.pid, "SIGKILL")').exited).code).toBe(137)
})

test('a program that cannot be run is an end, not a crash', async () => {
  const log = join(temporaryFolder(), 'out.log')
  const child = start({ program: '/no/such', args: [], env: {} }, { cwd: '/', env: {}, log })
  expect((await child.exited).why).toContain('ENOENT')
  expect(child.isRunning()).toBe(false)
})

test('one that does not want to end is ended, with all that it started', async () => {
  const child = startScript(`
    process.on('SIGTERM', () => {})
    const inner = require('node:child_process').spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'])
    console.log(inner.pid)
    setInterval(() => {}, 1000)`)
  await until(() => lastLines(child.log).length > 0, 10_000)
  const inner = Number(lastLines(child.log)[0])
  await end(child.pid, child.isRunning, { ms: 100 })
  expect(child.isRunning()).toBe(false)
  expect(await until(async () => (await birthOf(inner)) === null, 5000)).toBe(true)
})

test('the last lines of a log are shown, and none of a log that is not there', async () => {
  const child = startScript(
    'for (let i = 0; i < 5000; i++) console.log("line " + i); console.log("x".repeat(999))',
  )
  await child.exited
  const lines = lastLines(child.log, 3)
  expect(lines.slice(0, 2)).toEqual(['line 4998', 'line 4999'])
  expect(lines[2]).toHaveLength(300)
  expect(lastLines('/no/such.log')).toEqual([])
})
