/** What the tests of the wire say often. */
import { expect, onTestFinished } from 'vitest'
import { failures, type Reason } from '../../src/shared/errors.ts'
import type { World } from './world.ts'

// biome-ignore lint/suspicious/noExplicitAny: an answer is whatever came over the wire
export type Answer = any

export const json = async (response: Response): Promise<Answer> => response.json()

/** Sends and returns the body of an answer that must be 200. */
export async function ok(answer: Promise<Response>): Promise<Answer> {
  const response = await answer
  const text = await response.text()
  expect({ status: response.status, text }).toMatchObject({ status: 200 })
  return JSON.parse(text)
}

export const borrow = (world: World, user = 'alice', tool = 'cad_tool', headers?: Record<string, string>) =>
  ok(world.send('POST', '/licenses/borrow', { tool, user }, headers))

export const statusOf = (world: World, tool = 'cad_tool') => ok(world.send('GET', `/licenses/${tool}/status`))

/** Holds every seat that a tool's pool can grant. @returns the borrows */
export async function exhaust(world: World, tool: string): Promise<Answer[]> {
  const { free } = await statusOf(world, tool)
  const borrows = []
  for (let seat = 0; seat < free; seat++) borrows.push(await borrow(world, `user${seat}`, tool))
  return borrows
}

/** Asserts the whole shape of a problem. @returns its body */
export async function expectProblem(response: Response, reason: Reason): Promise<Answer> {
  const body = await json(response)
  const { status, title } = failures[reason]
  expect(body).toMatchObject({ type: `/docs#problem-${reason}`, title, status, reason })
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  expect(body.detail).toEqual(expect.stringMatching(/./))
  expect(body.request_id).toBe(response.headers.get('x-request-id'))
  expect(body).not.toHaveProperty('stack')
  return body
}

/** The cookies that an answer sets, as a request sends them back. */
export const cookiesOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map(cookie => cookie.split(';')[0])
    .join('; ')

/** A browser of its own: the headers with which it asks after it has seen the first page. */
export async function visitor(world: World): Promise<{ cookie: string }> {
  const cookie = cookiesOf(await world.send('GET', '/'))
  expect(cookie).toMatch(/^twinloop_session=/)
  return { cookie }
}

export const cadSettings = {
  tool: 'cad_tool',
  total: 5,
  commit: 4,
  max_overage: 1,
  commit_price: 1000,
  overage_price_per_license: 100,
}

/** Changes some settings of a tool, as the presenter, the others staying as they are. */
export async function configure(world: World, change: Record<string, unknown>): Promise<void> {
  const { tools } = await ok(world.send('GET', '/config/budget'))
  const { tool = 'cad_tool' } = change
  const { borrowed: _b, cap: _c, etag: _e, ...now } = tools.find((row: Answer) => row.tool === tool)
  await ok(world.present('PUT', '/config/budget', { ...now, ...change }))
}

export interface Listening {
  port: number
  metricsPort: number | null
  origin: string
  drain(): Promise<void>
}

/** Lets a world listen until the test ends. */
export async function listening(world: World): Promise<Listening> {
  const { port, metricsPort, drain } = await world.app.start()
  let drained: Promise<void> | undefined
  const once = () => {
    drained ??= drain()
    return drained
  }
  onTestFinished(once)
  return { port, metricsPort, origin: `http://127.0.0.1:${port}`, drain: once }
}
