import { expect, test } from 'vitest'
import { type Answer, borrow, cadSettings, expectProblem, statusOf } from '../support/wire.ts'
import { createWorld, type World } from '../support/world.ts'

const change = (world: World, settings: Record<string, unknown>, ifMatch?: string) =>
  world.present(
    'PUT',
    '/config/budget',
    { ...cadSettings, ...settings },
    ifMatch === undefined ? {} : { 'if-match': ifMatch },
  )

async function etags(world: World) {
  const response = await world.send('GET', '/config/budget')
  const { tools } = (await response.json()) as Answer
  const of = (tool: string): string => tools.find((row: Answer) => row.tool === tool).etag
  return { document: response.headers.get('etag') ?? '', cad: of('cad_tool'), analysis: of('analysis') }
}

test('a change is made when If-Match names the document or the tool as they are, is `*`, or is not sent', async () => {
  const world = createWorld()
  const now = await etags(world)
  expect(now.document).toMatch(/^"[^"]+"$/)
  expect(now.cad).toMatch(/^"[^"]+"$/)
  expect((await change(world, { total: 6 }, now.document)).status).toBe(200)
  expect((await change(world, { total: 7 }, (await etags(world)).cad)).status).toBe(200)
  expect((await change(world, { total: 8 }, '*')).status).toBe(200)
  expect((await change(world, { total: 9 })).status).toBe(200)
  expect(await statusOf(world)).toMatchObject({ total: 9 })
})

test('a stale If-Match, by the document or by the tool: 412 with the tag of now, nothing changes', async () => {
  const world = createWorld()
  const before = await etags(world)
  expect((await change(world, { total: 6 })).status).toBe(200)
  for (const stale of [before.document, before.cad]) {
    const body = await expectProblem(await change(world, { total: 99 }, stale), 'stale_settings')
    expect(body).toMatchObject({ tool: 'cad_tool', etag: (await etags(world)).cad })
  }
  expect(await statusOf(world)).toMatchObject({ total: 6 })
})

test('another tool’s change makes the document’s tag stale, not the tool’s', async () => {
  const world = createWorld()
  const before = await etags(world)
  expect((await change(world, { tool: 'analysis', total: 2, commit: 1 })).status).toBe(200)
  expect((await change(world, { total: 6 }, before.document)).status).toBe(412)
  expect((await change(world, { total: 7 }, before.analysis)).status).toBe(412)
  expect((await change(world, { total: 8 }, before.cad)).status).toBe(200)
})

test('the answer of a change carries the tool’s new tag, ready for the next change', async () => {
  const world = createWorld()
  const first = await change(world, { total: 6 })
  const tag = first.headers.get('etag') ?? ''
  expect(tag).toBe((await etags(world)).cad)
  expect((await change(world, { total: 7 }, tag)).status).toBe(200)
  expect((await change(world, { total: 8 }, tag)).status).toBe(412)
})

test('borrows are no change of the settings', async () => {
  const world = createWorld()
  const before = await etags(world)
  await borrow(world)
  expect(await etags(world)).toEqual(before)
})

test('a tag stays the same over a restart', async () => {
  const world = createWorld()
  await change(world, { total: 6 })
  expect(await etags(createWorld({ dbPath: world.dbPath }))).toEqual(await etags(world))
})

test('one of several tags is enough, a weak one or an empty list is not', async () => {
  const world = createWorld()
  const { cad } = await etags(world)
  for (const other of ['"nothing"', '', `W/${cad}`, cad.replaceAll('"', ''), '"*"'])
    expect([other, (await change(world, { total: 9 }, other)).status]).toEqual([other, 412])
  expect((await change(world, { total: 6 }, `"nothing" , ${cad}`)).status).toBe(200)
})

test('of two changes at once with the same tag one is made', async () => {
  const world = createWorld()
  const { cad } = await etags(world)
  const answers = await Promise.all([6, 7, 8].map(total => change(world, { total }, cad)))
  expect(answers.map(({ status }) => status)).toEqual([200, 412, 412])
  expect(await statusOf(world)).toMatchObject({ total: 6 })
})
