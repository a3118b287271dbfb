import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { runOfShow } from '../../src/stage/run-of-show.ts'
import { describePages, violations } from './browser.ts'
import { goTo, inTime, openDeck, screens } from './deck-room.ts'

const ids = runOfShow.map(({ slide }) => slide)
const LAST = ids.length

test('the run of show has fifteen slides, takes half an hour, and has something to say on each', () => {
  expect(ids.length).toBe(15)
  expect(new Set(ids).size).toBe(15)
  const seconds = runOfShow.reduce((sum, slide) => sum + slide.seconds, 0)
  expect(Math.abs(seconds - 1800)).toBeLessThanOrEqual(120)
  for (const { notes } of runOfShow) expect(notes.length).toBeGreaterThan(0)
})

test('the notes name as many clicks as their slide has steps', () => {
  const html = readFileSync(new URL('../../static/presentation.html', import.meta.url), 'utf8')
  const steps = (slide: string) =>
    html
      .split(`<section id="${slide}"`)[1]
      ?.split('</section>')[0]
      ?.match(/class="[^"]*\bfragment\b/g)?.length
  const numbers = ['One', 'Two', 'Three', 'Four', 'Five', 'Six']
  const named = runOfShow.flatMap(({ slide, notes }) => {
    const word = /\b(One|Two|Three|Four|Five|Six) clicks?\b/.exec(notes.join(' '))?.[1]
    return word && slide !== 'takeaways' ? [{ slide, steps: numbers.indexOf(word) + 1 }] : []
  })
  expect(named.map(({ slide }) => slide)).toEqual(['cloud-path', 'bridge', 'learning'])
  for (const { slide, steps: clicks } of named) expect(steps(slide), slide).toBe(clicks)
})

/** In a page: texts of a slide that lie on each other. @returns each pair, in words */
const touchingTexts = (slide: string): string[] => {
  const walker = document.createTreeWalker(document.querySelector(`#${slide} .frame`) ?? document.body, 4)
  const lines: { words: string; parent: Element; box: DOMRect }[] = []
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement
    const words = walker.currentNode.textContent?.trim()
    if (!parent || !words || parent.closest('.race-hidden, svg')) continue
    const range = document.createRange()
    range.selectNodeContents(walker.currentNode)
    for (const box of range.getClientRects()) lines.push({ words, parent, box })
  }
  const meet = (one: DOMRect, other: DOMRect) =>
    Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 &&
    Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > Math.min(one.height, other.height) / 3
  return lines.flatMap((one, index) =>
    lines
      .slice(index + 1)
      .filter(other => other.parent !== one.parent && meet(one.box, other.box))
      .map(other => `${one.words} / ${other.words}`),
  )
}

describePages('the deck', stage => {
  test('the keyboard walks through every slide in the order of the run of show', async () => {
    const { page, troubles } = await openDeck(stage)
    const seen: string[] = []
    const shown = () => page.evaluate<string>(`document.querySelector('.slides > .present').id`)
    for (let presses = 0; presses < 120 && seen.at(-1) !== ids.at(-1); presses++) {
      const slide = await shown()
      if (seen.at(-1) !== slide) seen.push(slide)
      await page.keyboard.press('ArrowRight')
    }
    expect(seen).toEqual(ids)
    await page
      .locator('.slide-number', { hasText: new RegExp(`^\\s*${LAST}\\s*/\\s*${LAST}\\s*$`) })
      .waitFor(inTime)
    expect(troubles).toEqual([])
  })

  test('the presenter’s notes are not in the page', async () => {
    const html = await (await fetch(`${stage.url}/presentation`)).text()
    for (const { notes } of runOfShow) for (const note of notes) expect(html).not.toContain(note)
    expect((await fetch(`${stage.url}/run-of-show`)).status).toBe(401)
  })

  for (const [screen, viewport] of Object.entries(screens))
    test(`nothing leaves its slide or meets the bar below it, ${screen}`, async () => {
      const { page } = await openDeck(stage, { viewport, reducedMotion: 'reduce' })
      await page.evaluate('document.fonts.ready')
      for (const id of ids) {
        await goTo(page, id)
        // The newest state is there when the words are no longer those of the start.
        await expect
          .poll(() => page.locator(`#${id} .panel-words`, { hasText: 'Waiting for' }).count(), inTime)
          .toBe(0)
        const outside = await page.evaluate(slide => {
          const frame = document.querySelector<HTMLElement>(`#${slide} .frame`)
          const bar = document.getElementById('deck-bar')?.getBoundingClientRect().top ?? 0
          if (!frame) return ['no frame']
          const { right } = frame.getBoundingClientRect()
          return [...frame.querySelectorAll('*')]
            .filter(element => !element.closest('.race-hidden') && element.getClientRects().length > 0)
            .filter(element => {
              const box = element.getBoundingClientRect()
              return box.width > 0 && (box.right > right + 1 || box.bottom > bar + 4)
            })
            .map(element => element.outerHTML.slice(0, 90))
        }, id)
        expect(outside, id).toEqual([])
        expect(await page.evaluate(touchingTexts, id), id).toEqual([])
      }
    })

  for (const colorScheme of ['light', 'dark'] as const)
    test(`no slide has an accessibility violation, ${colorScheme}`, async () => {
      const { page, troubles } = await openDeck(stage, { colorScheme, reducedMotion: 'reduce' })
      for (const id of ids) {
        await goTo(page, id)
        await expect
          .poll(() => page.locator(`#${id} .panel-words`, { hasText: 'Waiting for' }).count(), inTime)
          .toBe(0)
        expect(await violations(page), id).toEqual([])
      }
      expect(troubles).toEqual([])
    })

  test('it is dark or light as the system has it, and as one chooses with T', async () => {
    const { page } = await openDeck(stage, { colorScheme: 'dark' })
    const ground = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
    expect(await ground()).toBe('rgb(11, 13, 16)')
    await page.keyboard.press('t')
    await expect.poll(ground, inTime).toBe('rgb(243, 245, 247)')
    await page.reload()
    await page.waitForSelector('html[data-ready]')
    expect(await ground()).toBe('rgb(243, 245, 247)')
    await page.getByRole('button', { name: 'Dark' }).click()
    await expect.poll(ground, inTime).toBe('rgb(11, 13, 16)')
  })

  test('a focused control keeps its keys, letters turn no slide, and a clicker works all the same', async () => {
    const { page } = await openDeck(stage)
    const shown = () => page.evaluate<string>(`document.querySelector('.slides > .present').id`)
    for (const key of ['n', 'p', 'j', 'k', 'h', 'l', 'g', 's', 'v']) await page.keyboard.press(key)
    expect(await shown()).toBe('title')
    const theme = page.locator('#theme')
    await theme.focus()
    const before = await theme.textContent()
    await page.keyboard.press('Space')
    await expect.poll(() => theme.textContent(), inTime).not.toBe(before)
    await page.keyboard.press('ArrowRight')
    expect(await shown()).toBe('title')
    await page.keyboard.press('PageDown')
    await expect.poll(shown, inTime).toBe('challenge')
    await page.getByRole('button', { name: 'Previous' }).click()
    await expect.poll(shown, inTime).toBe('title')
    await page.keyboard.press('ArrowRight')
    await expect.poll(shown, inTime).toBe('challenge')
  })

  test('it is a document, not an application, and has a way back', async () => {
    const { page } = await openDeck(stage)
    expect(await page.locator('[role="application"]').count()).toBe(0)
    await page.getByRole('link', { name: 'Leave the deck' }).click()
    await page.waitForURL(`${stage.url}/`)
  })

  test('printed, it has a page for each slide, with the state of now and no stream', async () => {
    const { page, requests, troubles } = await openDeck(stage, { print: true })
    expect(await page.locator('.pdf-page').count()).toBe(LAST)
    await page.locator('#license-server').getByText('Nobody holds a seat.').waitFor(inTime)
    await page.locator('#race').getByText('Until it works again').waitFor(inTime)
    const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString('latin1')
    expect(pdf.match(/\/Type\s*\/Page\b(?!s)/g)?.length).toBe(LAST)
    expect(requests.filter(url => new URL(url).pathname === '/stream')).toEqual([])
    expect(troubles).toEqual([])
    expect(await page.locator('.pdf-page button').filter({ visible: true }).count()).toBe(0)
    const heads = await page
      .locator('#signals .panel-head')
      .evaluateAll(all => all.map(({ clientHeight }) => clientHeight))
    expect(heads[0]).toBe(heads[1])
    expect(await page.locator('h1').evaluate(one => getComputedStyle(one).backgroundImage)).toBe('none')
  })

  test('the overview of slides marks the one that is shown, and the number that leads there can be hit', async () => {
    const { page } = await openDeck(stage, { slide: 'stack' })
    const number = await page.locator('.slide-number a').boundingBox()
    expect(number?.height).toBeGreaterThanOrEqual(24)
    await page.keyboard.press('o')
    await page.locator('.reveal.overview').waitFor(inTime)
    const outline = (slide: string) =>
      page.locator(`#${slide}`).evaluate(one => getComputedStyle(one).outlineStyle)
    expect(await outline('stack')).toBe('solid')
    expect(await outline('speed')).toBe('none')
  })

  test('without JavaScript it tells the talk in short', async () => {
    const { page } = await stage.open('/presentation', { javaScriptEnabled: false })
    const notice = page.locator('noscript .notice')
    expect(await notice.textContent()).toContain('one defect goes into a cloud service')
    expect(await notice.getByRole('link').getAttribute('href')).toBe('/overview')
    expect(await page.locator('.deck-bar').isVisible()).toBe(false)
  })

  test('its script is light, and its typeface is here before the first slide asks for it', async () => {
    const { page } = await openDeck(stage)
    const sizes = await page.evaluate<Record<string, number>>(
      'Object.fromEntries(performance.getEntriesByType("resource").map(({ name, encodedBodySize }) => [new URL(name).pathname, encodedBodySize]))',
    )
    expect(sizes['/assets/presentation.js']).toBeLessThan(20_000)
    expect(sizes['/assets/presentation.css']).toBeLessThan(12_000)
    expect(sizes['/assets/fonts/inter-latin.woff2']).toBeGreaterThan(10_000)
    expect(await page.evaluate(`document.fonts.check('20px "Inter Deck"')`)).toBe(true)
  })
})
