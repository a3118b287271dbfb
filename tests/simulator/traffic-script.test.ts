import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const SLOW = { timeout: 60_000 }

/** Runs `npm run traffic` with these flags, as a person would. */
function traffic(...flags: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/traffic.ts', ...flags], { cwd: root })
  onTestFinished(() => void child.kill('SIGKILL'))
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout.on('data', part => out.push(part))
  child.stderr.on('data', part => err.push(part))
  return new Promise(resolve =>
    child.once('close', code =>
      resolve({ code, out: `${Buffer.concat(out)}`, err: `${Buffer.concat(err)}` }),
    ),
  )
}

test('every flag that cannot be is said at once', SLOW, async () => {
  const flags = ['--mix', 'borow=1', '--retries', '11', '--rate', '0', '--scenario', 'x']
  const { code, err } = await traffic(...flags)
  expect(code).toBe(78)
  for (const problem of [
    '--mix: must name borrow, give_back',
    '--retries: must be',
    '--rate: must be',
    '--scenario',
  ])
    expect(err).toContain(problem)
})

test('it sends what was wanted to a remote server, and prints what happened', SLOW, async () => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const failed = request.url === '/licenses/borrow'
    const body = request.url === '/licenses/status' ? [{ tool: 'cad_tool' }] : {}
    response.writeHead(failed ? 503 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const mix = 'borrow=1,give_back=0,look=0,ask_for_nothing=0,frontend_error=0'
  const { code, out } = await traffic(
    '--url',
    url,
    '--seconds',
    '1',
    '--rate',
    '10',
    '--retries',
    '2',
    '--mix',
    mix,
  )
  expect(code).toBe(0)
  const summary = JSON.parse(out)
  expect(summary).toMatchObject({ granted: 0, denied: 0, returned: 0, unanswered: 0 })
  expect(summary.retried).toBeGreaterThan(0)
  expect(summary.sent).toBe(10 + summary.retried)
  expect(summary.failed).toBe(summary.sent)
  expect(asked.filter(path => path === '/licenses/borrow').length).toBe(summary.sent)
})

test('a server that is not there is said, with what to do', SLOW, async () => {
  const { code, err } = await traffic('--url', 'http://127.0.0.1:9')
  expect(code).toBe(1)
  expect(err).toMatch(/http:\/\/127\.0\.0\.1:9 cannot be used: .*\n.*npm start/)
})
