import { expect, test } from 'vitest'
import { describePages, sizes } from './browser.ts'
import { cardOf } from './pools.ts'

const MOST_BYTES = 40 * 1024
const MOST_REQUESTS = 4
/** What a page asks for because of what it shows, not because of what it is. */
const isData = (path: string) => /^\/(licenses|borrows|overage-charges|stream|version|session)\b/.test(path)

interface Asked {
  path: string
  type: string
  /** On the wire: headers and compressed body. */
  bytes: number
}

describePages('the weight of the borrow page', stage => {
  async function load(): Promise<Asked[]> {
    const { page, requests } = await stage.open('/', { viewport: sizes.phone })
    await cardOf(page, 'cad_tool').borrow.waitFor()
    await page.waitForSelector('html[data-ready]')
    const network: Asked[] = []
    for (const request of await page.requests()) {
      const { pathname } = new URL(request.url())
      if (!request.url().startsWith(stage.url) || isData(pathname)) continue
      const { responseBodySize, responseHeadersSize } = await request.sizes()
      network.push({
        path: pathname,
        type: request.resourceType(),
        bytes: responseBodySize + responseHeadersSize,
      })
    }
    expect(network.length).toBe(
      requests.filter(url => !isData(new URL(url).pathname) && url.startsWith('http')).length,
    )
    return network
  }

  test('page, style and script are at most 40 KB on the wire, compressed', async () => {
    const asked = await load()
    expect(asked.map(({ type }) => type).sort()).toEqual(['document', 'script', 'stylesheet'])
    const bytes = asked.reduce((sum, one) => sum + one.bytes, 0)
    expect(bytes).toBeGreaterThan(4096)
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES)
  })

  test('the page needs at most four requests besides its data', async () => {
    expect((await load()).length).toBeLessThanOrEqual(MOST_REQUESTS)
  })

  test('a second visit transfers no style and no script again', async () => {
    const { page } = await stage.open('/')
    await cardOf(page, 'cad_tool').borrow.waitFor()
    const statuses: Record<string, number> = {}
    page.on('response', response => {
      statuses[new URL(response.url()).pathname] = response.status()
    })
    const transferred: number[] = []
    page.on('requestfinished', async request => {
      if (['script', 'stylesheet'].includes(request.resourceType()))
        transferred.push((await request.sizes()).responseBodySize)
    })
    await page.reload()
    await cardOf(page, 'cad_tool').borrow.waitFor()
    await expect.poll(() => transferred).toEqual([0, 0])
  })
})
