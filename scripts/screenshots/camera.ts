/** Takes pictures of pages with Chromium. */
import { statSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { findOnPath } from '../stack/programs.ts'
import { type Picture, screens } from './pictures.ts'
import { TOKEN } from './server.ts'

const programs = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chromium-headless-shell',
]
const inTime = { timeout: 30_000 }
/** Each is tried until the file is small enough. */
const qualities = [72, 64, 56, 48]
export const BYTES_MAX = 80_000

/** @throws Error when there is no Chromium on the PATH */
export function launchCamera(): Promise<Browser> {
  const executablePath = findOnPath(programs, process.env.PATH)
  if (!executablePath) throw new Error('there is no Chromium here: apt-get install chromium')
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--hide-scrollbars',
      '--force-color-profile=srgb',
      '--font-render-hinting=none',
    ],
  })
}

/** Opens a page as a picture wants it. Close its context when it is done. */
export async function openPage(browser: Browser, url: string, picture: Picture): Promise<Page> {
  const { screen, theme, presenter } = picture
  const context = await browser.newContext({
    viewport: screens[screen],
    colorScheme: theme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
    hasTouch: screen === 'phone',
  })
  if (presenter) await signIn(context, url)
  // The name that a visitor borrows under is chance otherwise.
  await context.addInitScript(
    `localStorage.getItem('twinloop.name') ?? localStorage.setItem('twinloop.name', '"brisk-otter"')`,
  )
  const page = await context.newPage()
  await page.goto(`${url}${picture.address}`)
  await page
    .locator('html[data-ready]')
    .or(page.locator('.runbook'))
    .first()
    .waitFor({ state: 'attached', ...inTime })
  return page
}

/** Takes one picture. @param file where it goes @returns its bytes @throws Error when something of `shows` does not come */
export async function take(browser: Browser, url: string, picture: Picture, file: string): Promise<number> {
  const page = await openPage(browser, url, picture)
  try {
    await seen(page, picture.shows)
    for (const selector of picture.press ?? []) await page.locator(selector).first().click(inTime)
    await seen(page, picture.afterwards ?? [])
    // What a click on a slide would bring is there at once.
    await page.evaluate(
      `for (const step of document.querySelectorAll('.present .fragment')) step.classList.add('visible')`,
    )
    if (picture.from) await page.locator(picture.from).evaluate('(element) => element.scrollIntoView()')
    await page.evaluate('document.fonts.ready.then(() => undefined)')
    await page.waitForTimeout(500)
    let bytes = 0
    for (const quality of qualities) {
      await page.screenshot({ path: file, type: 'jpeg', quality, animations: 'disabled', caret: 'hide' })
      bytes = statSync(file).size
      if (bytes <= BYTES_MAX) break
    }
    return bytes
  } finally {
    await page.context().close()
  }
}

async function seen(page: Page, selectors: string[]): Promise<void> {
  for (const selector of selectors)
    await page.locator(selector).filter({ visible: true }).first().waitFor(inTime)
}

async function signIn(context: BrowserContext, url: string): Promise<void> {
  const page = await context.newPage()
  await page.goto(`${url}/presenter?token=${TOKEN}`)
  await page.close()
}
