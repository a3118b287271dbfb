import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { pageOf } from '../../scripts/build/page.ts'
import { runbookPage } from '../../scripts/build/runbook.ts'
import { allAlerts } from '../../src/rules/index.ts'
import { describePages, looksOf, noViolations, sizes, violationsInBoth } from './browser.ts'

const read = (name: string) => readFileSync(new URL(`../../static/${name}`, import.meta.url), 'utf8')
const frame = pageOf('runbook', read('runbook.html'), read('_frame.html'))
const built = (markdown: string) => runbookPage(frame, markdown)

test('each heading can be linked to: an alert by its name, others by their words, each once', () => {
  const page = built(
    '# Runbook\n\n## PoolExhausted\n\n### What to do\n\n## Reading the dashboards\n\n### What to do\n\n## Main\n',
  )
  expect(Array.from(page.matchAll(/<h\d id="(.*?)"/g), ([, id]) => id)).toEqual([
    'runbook',
    'PoolExhausted',
    'what-to-do',
    'reading-the-dashboards',
    'what-to-do-2',
    'main-2',
  ])
  expect(page).toContain('<li><a href="#PoolExhausted">PoolExhausted</a></li>')
  expect(page).not.toContain('<!--')
})

test('HTML in the text is shown, not obeyed; nothing is loaded from elsewhere; only links of the web are links', () => {
  const page = built(
    [
      '## <img src=x onerror=alert(1)> & $& `<b>`',
      '<script>alert(1)</script>',
      'a <b onclick=alert(1)>word</b> ![picture](https://elsewhere.example/x.png)',
      '[bad](javascript:alert(1)) [also](//elsewhere.example) [file](../README.md) [good](https://example.com/?a&b)',
      '```sh\necho "<b>" & $&\n```',
      '- [x] done',
    ].join('\n\n'),
  )
  const main = page.slice(page.indexOf('<main'), page.indexOf('</main>'))
  expect(main).not.toMatch(/<(script|img|b|input)\b/)
  expect(main).toContain('&#60;script&#62;alert(1)&#60;/script&#62;')
  const hrefs = Array.from(main.matchAll(/href="(.*?)"/g), ([, href]) => href)
  expect(hrefs.filter(href => !href?.startsWith('#'))).toEqual(['https://example.com/?a&#38;b'])
  expect(main).toContain('echo &#34;&#60;b&#62;&#34; &#38; $&#38;')
  expect(main).toContain('☑ done')
})

describePages('the runbook', stage => {
  test('every alert has its section, and its link leads there', async () => {
    const names = [...new Set(allAlerts().map(({ alert }) => alert))]
    const { page } = await stage.open('/runbook')
    for (const name of [...names, 'reading-the-dashboards']) {
      await page.goto(`${stage.url}/runbook#${name}`)
      expect(await page.locator('h2:target').getAttribute('id')).toBe(name)
    }
    expect(await page.locator('section:has(:target)').count()).toBe(1)
  })

  test('it is as safe as every page, asks no other host and needs no script', async () => {
    const { page, troubles, requests } = await stage.open('/runbook', { javaScriptEnabled: false })
    await page.getByRole('heading', { name: 'Runbook', level: 1 }).waitFor()
    await page.waitForLoadState('load')
    const paths = requests.filter(url => url.startsWith('http')).map(url => new URL(url).pathname)
    expect(paths).toEqual(['/runbook', '/assets/runbook.css'])
    expect(troubles).toEqual([])
    const [runbook, overview] = await Promise.all(
      ['/runbook', '/overview'].map(async path => (await fetch(stage.url + path)).headers),
    )
    for (const name of ['content-security-policy', 'x-frame-options', 'referrer-policy', 'cache-control'])
      expect(runbook?.get(name)).toBe(overview?.get(name))
    expect(runbook?.get('content-type')).toMatch(/^text\/html/)
  })

  test('its head and navigation are those of the other pages', async () => {
    const frameOf = async (path: string) => {
      const html = await (await fetch(stage.url + path)).text()
      return /<header class="site-head">.*?<\/nav>/s.exec(html)?.[0].replace(' aria-current="page"', '')
    }
    expect(await frameOf('/runbook')).toBe(await frameOf('/overview'))
  })

  for (const { size, ...look } of looksOf({ ...sizes, 'narrow phone': { width: 320, height: 700 } }))
    test(`no accessibility violation, nothing scrolls sideways but code, on a ${size}, light and dark`, async () => {
      const { page } = await stage.open('/runbook#PoolExhausted', look)
      expect(await violationsInBoth(page)).toEqual(noViolations)
      const [wide, shown] = await page.evaluate<[number, number]>(
        '[document.documentElement.scrollWidth, innerWidth]',
      )
      expect(wide).toBeLessThanOrEqual(shown)
    })

  test('what is too wide scrolls inside itself, by the keyboard too', async () => {
    const { page } = await stage.open('/runbook', { viewport: sizes.phone })
    const wide = await page.evaluate<string[]>(`[...document.querySelectorAll('main *')]
      .filter(element => element.scrollWidth > element.clientWidth && getComputedStyle(element).overflowX === 'auto')
      .map(element => element.tabIndex + ' ' + element.localName)`)
    expect(wide).toContain('0 pre')
    expect(wide.filter(element => !element.startsWith('0 '))).toEqual([])
  })
})
