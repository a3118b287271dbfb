/** A real server and a real Chromium for the tests of pages. */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, onTestFinished } from 'vitest'
import { type PageServer, startPageServer } from './server.ts'

// The first is the same engine without the windows, tabs and toolbars of a browser: a third of the work.
const executable = [
  process.env.CHROMIUM,
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find(path => path !== undefined && existsSync(path))
const mustRun = process.env.CI !== undefined
/** Nothing to test pages with here, and nobody insists. */
export const isWithoutBrowser = !executable && !mustRun
if (isWithoutBrowser)
  process.stderr.write(
    'The tests of pages are skipped: no Chromium here (apt-get install chromium-headless-shell).\n',
  )

export const sizes = {
  phone: { width: 390, height: 844 },
  laptop: { width: 1366, height: 800 },
} as const

export interface Stage {
  /** The address of the server, without a slash at its end. */
  url: string
  server: PageServer
  /** Its log lines so far. */
  lines(): Record<string, unknown>[]
  /** Opens a page in a browser context of its own and watches it: see `troubles`. */
  open(path: string, options?: OpenOptions): Promise<Visit>
}

export interface OpenOptions extends BrowserContextOptions {
  /** Runs before the page is asked for: to block or delay requests, or to watch them. */
  before?: (page: Page) => Promise<unknown>
}

export interface Visit {
  page: Page
  /** Console errors, page errors, failed policies, requests to other hosts: should stay empty. */
  troubles: string[]
  /** The addresses that were requested. */
  requests: string[]
}

/** A Chromium that speaks to nobody but the pages' server. @param more switches */
export const launchBrowser = (more: string[] = []): Promise<Browser> =>
  chromium.launch({
    ...(executable && { executablePath: executable }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...more,
    ],
  })

/** Describes tests that are handed a server with the demo pools and a browser. */
export function describePages(name: string, tests: (stage: Stage) => void): void {
  describe.skipIf(isWithoutBrowser)(name, () => {
    let browser: Browser
    let server: PageServer

    beforeAll(async () => {
      server = await startPageServer()
      browser = await launchBrowser()
    })
    afterAll(async () => {
      await browser?.close()
      await server?.remove()
    })

    tests({
      get url() {
        return server.url
      },
      get server() {
        return server
      },
      lines: () => server.lines(),
      async open(path, { before, ...options } = { viewport: sizes.laptop }) {
        const context = await browser.newContext(options)
        onTestFinished(() => context.close())
        const page = await context.newPage()
        const visit = watch(page, server.url)
        await before?.(page)
        await page.goto(`${server.url}${path}`)
        return visit
      },
    })
  })
}

/** Notes what goes wrong on a page from now on. */
export function watch(page: Page, url: string): Visit {
  const troubles: string[] = []
  const requests: string[] = []
  page.on('console', message => message.type() === 'error' && troubles.push(message.text()))
  page.on('pageerror', error => troubles.push(String(error)))
  page.on('request', request => {
    requests.push(request.url())
    if (!request.url().startsWith(`${url}/`) && !request.url().startsWith('data:'))
      troubles.push(`asked another host: ${request.url()}`)
  })
  return { page, troubles, requests }
}

/** Waits until something here, not on a page, is so. @throws Error after `timeoutMs` */
export async function until(holds: () => boolean, timeoutMs = 5000): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`not in ${timeoutMs} ms: ${holds}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

export type Scheme = 'light' | 'dark'

/** What `violations` says of a page as it is now, in the colours that it was opened in and, changed there, in the others. */
export async function violationsInBoth(page: Page): Promise<Record<Scheme, string[]>> {
  const found: Record<Scheme, string[]> = { light: [], dark: [] }
  const opened = await page.evaluate<Scheme>(
    `matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'`,
  )
  found[opened] = await violations(page)
  const other = opened === 'light' ? 'dark' : 'light'
  await page.emulateMedia({ colorScheme: other })
  // Until no colour is on its way from one to the other.
  await page.evaluate(`Promise.allSettled(
    document.getAnimations().filter(one => one instanceof CSSTransition).map(({ finished }) => finished),
  ).then(() => {})`)
  found[other] = await violations(page)
  return found
}

/** Nothing wrong, in both. */
export const noViolations: Record<Scheme, string[]> = { light: [], dark: [] }

/** Each size with the colours that a page is opened in there: in dark ones first, then in light ones, and so on. */
export const looksOf = (screens: Record<string, { width: number; height: number }>) =>
  Object.entries(screens).map(([size, viewport], place) => ({
    size,
    viewport,
    colorScheme: place % 2 === 0 ? ('dark' as const) : ('light' as const),
  }))

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
