/** A real server and a real Chromium for the tests of pages. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, onTestFinished } from 'vitest'
import { createApp } from '../../src/app.ts'
import { testConfig } from '../support/world.ts'

const executable = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
)
const mustRun = process.env.CI !== undefined
if (!executable && !mustRun)
  process.stderr.write('The tests of pages are skipped: no Chromium here (apt-get install chromium).\n')

export const sizes = {
  phone: { width: 390, height: 844 },
  laptop: { width: 1366, height: 800 },
} as const

export interface Stage {
  /** The address of the server, without a slash at its end. */
  url: string
  /** Its log lines so far. */
  lines(): Record<string, unknown>[]
  /** Opens a page in a browser context of its own and watches it: see `troubles`. */
  open(path: string, options?: BrowserContextOptions): Promise<Visit>
}

export interface Visit {
  page: Page
  /** Console errors, page errors, failed policies, requests to other hosts: should stay empty. */
  troubles: string[]
  /** The addresses that were requested. */
  requests: string[]
}

/** Describes tests that are handed a server with the demo pools and a browser. */
export function describePages(name: string, tests: (stage: Stage) => void): void {
  describe.skipIf(!executable && !mustRun)(name, () => {
    const text: string[] = []
    let browser: Browser
    let url = ''
    let close = async () => {}

    beforeAll(async () => {
      const folder = mkdtempSync(join(tmpdir(), 'twinloop-pages-'))
      const app = createApp(testConfig(join(folder, 'licenses.db')), {
        logTo: { write: lines => void text.push(lines) },
      })
      const server = await app.start()
      url = `http://127.0.0.1:${server.port}`
      browser = await chromium.launch({
        ...(executable && { executablePath: executable }),
        args: [
          '--no-sandbox',
          '--disable-gpu',
          '--disable-quic',
          '--no-first-run',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
        ],
      })
      close = async () => {
        await browser.close()
        await server.drain()
        await app.stop()
        rmSync(folder, { recursive: true, force: true })
      }
    })
    afterAll(() => close())

    tests({
      get url() {
        return url
      },
      lines: () => text.map(line => JSON.parse(line)),
      async open(path, options = { viewport: sizes.laptop }) {
        const context = await browser.newContext(options)
        onTestFinished(() => context.close())
        const page = await context.newPage()
        const troubles: string[] = []
        const requests: string[] = []
        page.on('console', message => message.type() === 'error' && troubles.push(message.text()))
        page.on('pageerror', error => troubles.push(String(error)))
        page.on('request', request => {
          requests.push(request.url())
          if (!request.url().startsWith(url) && !request.url().startsWith('data:'))
            troubles.push(`asked another host: ${request.url()}`)
        })
        await page.goto(`${url}${path}`)
        return { page, troubles, requests }
      },
    })
  })
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** The accessibility violations of a page as it is now, in words. Target sizes count too. */
export async function violations(page: Page): Promise<string[]> {
  // Through the debugger, not a script element: the page's policy forbids those, and should.
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: object): Promise<{ violations: Violation[] }> }
    }
    interface Violation {
      id: string
      help: string
      nodes: { html: string; failureSummary?: string }[]
    }
    const { violations } = await axe.run({ rules: { 'target-size': { enabled: true } } })
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html} ${failureSummary ?? ''}`),
    )
  })
}
