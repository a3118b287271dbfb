import { expect, test } from 'vitest'
import { describePages, sizes, violations } from './browser.ts'

const pages = ['/', '/config', '/dashboard', '/overview', '/presentation', '/docs']

describePages('every page', ({ open }) => {
  for (const path of pages)
    for (const [size, viewport] of Object.entries(sizes))
      for (const colorScheme of ['light', 'dark'] as const)
        test(`${path} has no accessibility violation, on a ${size}, ${colorScheme}`, async () => {
          const { page, troubles } = await open(path, { viewport, colorScheme })
          await page.waitForSelector('html[data-ready]')
          expect(await violations(page)).toEqual([])
          expect(troubles).toEqual([])
        })
})
