/** The server behind the pages' tests: it can be asked, taken down and brought back on its port. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '../../src/app.ts'
import type { Answer } from '../support/wire.ts'
import { TOKEN, testConfig } from '../support/world.ts'

export interface PageServer {
  /** The address, without a slash at its end. */
  url: string
  lines(): Record<string, unknown>[]
  /** Asks as the presenter. @throws Error unless the answer is 2xx */
  present(method: string, path: string, body?: unknown): Promise<Answer>
  down(): Promise<void>
  up(): Promise<void>
  /** The end: the database goes too. */
  remove(): Promise<void>
}

export async function startPageServer(): Promise<PageServer> {
  const folder = mkdtempSync(join(tmpdir(), 'twinloop-pages-'))
  const config = testConfig(join(folder, 'licenses.db'))
  const text: string[] = []
  const start = async () => {
    // Inline: on Node 20 the writer thread does not start from TypeScript sources.
    const app = createApp(config, { inline: true, logTo: { write: line => void text.push(line) } })
    const server = await app.start()
    config.port = server.port
    return { app, server }
  }
  let running: Awaited<ReturnType<typeof start>> | null = await start()
  const url = `http://127.0.0.1:${config.port}`

  async function down() {
    await running?.server.drain()
    await running?.app.stop()
    running = null
  }

  return {
    url,
    lines: () => text.map(line => JSON.parse(line)),
    down,
    async up() {
      running ??= await start()
    },
    async present(method, path, body) {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
      return response.json()
    },
    async remove() {
      await down()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
