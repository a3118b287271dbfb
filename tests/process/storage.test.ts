import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runProgram } from '../support/program.ts'
import { expectProblem, ok } from '../support/wire.ts'

const post = (port: number, path: string, body: unknown) =>
  fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body: JSON.stringify(body) })
const asked = { tool: 'cad_tool', user: 'alice' }

test('a database file that is deleted under the server: 503 storage_missing, and no empty one in its place', async () => {
  const program = runProgram()
  const port = await program.port()
  const { id } = await ok(post(port, '/licenses/borrow', asked))
  const path = join(program.folder, 'licenses.db')
  rmSync(path)
  for (const [path, body] of [
    ['/licenses/borrow', asked],
    ['/licenses/return', { id }],
    ['/licenses/renew', { id }],
  ] as const) {
    const response = await post(port, path, body)
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/)
    await expectProblem(response, 'storage_missing')
  }
  await expectProblem(await fetch(`http://127.0.0.1:${port}/readyz`), 'storage_missing')
  expect(await ok(fetch(`http://127.0.0.1:${port}/healthz`))).toEqual({ status: 'ok' })
  expect(existsSync(path)).toBe(false)
  const failed = () =>
    program.lines().filter(line => line.event === 'storage_failed' && line.request_id !== undefined)
  await program.until(() => failed().length >= 4)
  for (const line of failed()) expect(line).toMatchObject({ level: 'error', reason: 'storage_missing' })
})

test('the same when it is deleted before the first borrow', async () => {
  const program = runProgram()
  const port = await program.port()
  rmSync(join(program.folder, 'licenses.db'))
  const response = await post(port, '/licenses/borrow', asked)
  expect(response.status).toBe(503)
  expect(existsSync(join(program.folder, 'licenses.db'))).toBe(false)
})
