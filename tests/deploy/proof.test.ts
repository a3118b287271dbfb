/** The proof must fail when it must: an engine that does all well, and one that does one thing wrong. */
import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import type { Engine, Running } from '../../scripts/prove-image/engine.ts'
import { prove } from '../../scripts/prove-image/proof.ts'

const identity = { version: '1.2.3', commit: 'abc' }

/** An image that does everything as it should, but for what is given. */
interface Wrong {
  version?: string
  missing?: string
  who?: string
  commandCode?: number
  stopCode?: number
  forgets?: boolean
  ends?: boolean
  /** So often /health answers 503. */
  slow?: number
}

async function engineOf(wrong: Wrong): Promise<Engine> {
  let borrowed = 0
  let asked = 0
  const server = createServer((request, response) => {
    const { url } = request
    if (url === '/licenses/borrow') borrowed++
    if (url === '/licenses/return') borrowed--
    const isEarly = url === '/health' && asked++ < (wrong.slow ?? 0)
    response.statusCode = isEarly ? 503 : url === wrong.missing ? 404 : 200
    response.end(JSON.stringify({ id: 'x', borrowed, ...identity, ...wrong }))
  }).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as { port: number }
  const running: Running = {
    address: `http://127.0.0.1:${port}`,
    isHealthy: async () => !wrong.ends,
    hasEnded: () => wrong.ends ?? false,
    async stop() {
      if (wrong.forgets) borrowed = 0
      return { code: wrong.stopCode ?? 0, ms: 1 }
    },
    kill() {},
    output: () => 'its last words',
  }
  const who = wrong.who ?? 'node\nRead-only file system\nRead-only file system\nproof\n'
  const help = 'LICENSE_DB_PATH generator|ingest|transform borrow'
  return {
    differs: [],
    build: async () => {},
    sizes: async () => ({ parts: [{ part: 'dist', bytes: 1e6 }], packages: [], bytes: 1e6 }),
    start: async () => running,
    run: async ([program]) =>
      program === 'sh' ? { code: 0, output: who } : { code: wrong.commandCode ?? 0, output: help },
    end: async () => {},
  }
}

async function proved(wrong: Wrong): Promise<string[]> {
  const said: string[] = []
  await prove(await engineOf(wrong), { ...identity, context: process.cwd(), holds: text => said.push(text) })
  return said
}

test('an image that does everything is proved, and every step is told', async () => {
  const said = await proved({})
  expect(said[0]).toContain('1.0 MB  dist')
  expect(said.at(-1)).toContain('the seat is still out')
})

test('an image whose parts need a moment to report is waited for', async () => {
  expect((await proved({ slow: 2 })).at(-1)).toContain('the seat is still out')
})

test.each<[Wrong, RegExp]>([
  [{ version: '9.9.9' }, /it says it is 9\.9\.9 abc/],
  [{ missing: '/estate' }, /\/estate answers 404/],
  [{ missing: '/licenses/return' }, /a return answers 404/],
  [{ who: 'root\nRead-only\nRead-only\nproof\n' }, /it runs as root/],
  [{ who: 'node\nRead-only\nproof\n' }, /not only \/data can be written/],
  [{ who: 'node\nRead-only\nRead-only\n' }, /not only \/data can be written/],
  [{ commandCode: 1 }, /node dist\/main\.js --help ended with 1/],
  [{ stopCode: 143 }, /it ended with 143/],
  [{ forgets: true }, /0 seats are out after the restart/],
  [{ ends: true }, /it was never healthy:\nits last words/],
])('%o is not', async (wrong, says) => {
  await expect(proved(wrong)).rejects.toThrow(says)
})
