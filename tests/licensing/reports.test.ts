import { expect, test } from 'vitest'
import { aBorrow, aLedger, aPool } from './factories.ts'

const free = (tool: string) => aPool({ tool, total: 20, commit: 0, maxOverage: 20 })

/** Walks all pages of a list. */
async function allPages<T>(
  page: (before: number | undefined) => Promise<{ rows: T[]; next: number | null }>,
) {
  const sizes: number[] = []
  const rows: T[] = []
  let next: number | null | undefined
  do {
    const answer = await page(next ?? undefined)
    sizes.push(answer.rows.length)
    rows.push(...answer.rows)
    next = answer.next
  } while (next !== null)
  return { sizes, rows }
}

test('open borrows come newest first, also those of one instant, by page and by user, with how many there are', async () => {
  const { ledger, clock, grant } = aLedger([free('cad')])
  const ids = [(await grant()).id, (await grant({ user: 'bob' })).id]
  clock.advance(1)
  ids.push((await grant()).id)
  const idsOf = async (page: Parameters<typeof ledger.openBorrows>[0]) => {
    const { rows, total } = await ledger.openBorrows(page)
    return { ids: rows.map(({ id }) => id), total }
  }
  expect(await idsOf({ limit: 9, offset: 0 })).toEqual({ ids: ids.toReversed(), total: 3 })
  expect(await idsOf({ limit: 1, offset: 1 })).toEqual({ ids: [ids[1]], total: 3 })
  expect(await idsOf({ limit: 9, offset: 3 })).toEqual({ ids: [], total: 3 })
  expect(await idsOf({ user: 'alice', limit: 9, offset: 0 })).toEqual({ ids: [ids[2], ids[0]], total: 2 })
  await ledger.submit({ kind: 'return', id: ids[2] ?? '' })
  expect(await idsOf({ limit: 9, offset: 0 })).toEqual({ ids: [ids[1], ids[0]], total: 2 })
})

test('charges come newest first, in pages without a gap or a double, also while new ones arrive', async () => {
  const { ledger, grant } = aLedger([free('cad'), free('sim')])
  for (let index = 0; index < 5; index++) await grant({ user: `user ${index}` })
  await grant({ tool: 'sim' })
  const { sizes, rows } = await allPages(async before => {
    if (before) await grant({ user: 'late' })
    return ledger.charges({ tool: 'cad', limit: 2, before })
  })
  expect(sizes).toEqual([2, 2, 1])
  expect(rows.map(({ charge }) => charge.user)).toEqual(['user 4', 'user 3', 'user 2', 'user 1', 'user 0'])
  expect((await ledger.charges({ limit: 100 })).rows).toHaveLength(8)
})

test('a charge comes with the borrow it was made for: whose session, and whether it has ended', async () => {
  const { ledger, clock, grant } = aLedger([free('cad')])
  const { id } = await grant({ session: 'a session' })
  await grant()
  await ledger.submit({ kind: 'return', id })
  expect((await ledger.charges({ limit: 9 })).rows).toMatchObject([
    { charge: { user: 'alice' }, borrow: { session: null, endedAt: null } },
    { charge: {}, borrow: { id, session: 'a session', endedAt: clock.now() } },
  ])
})

test('a page that is exactly full is not followed by an empty one', async () => {
  const { ledger, grant } = aLedger([free('cad')])
  await grant()
  await grant()
  expect(await ledger.charges({ limit: 2 })).toMatchObject({ next: null })
})

test('every denial is a row with its reason, the tool as it was asked for, and its time', async () => {
  const { ledger, clock } = aLedger([
    aPool({ total: 1, commit: 1 }),
    aPool({ tool: 'few', total: 9, commit: 0, maxOverage: 0 }),
    aPool({ tool: 'poor', commit: 0, spendCapCents: 99_99 }),
  ])
  const at = clock.now()
  for (const tool of ['cad', 'cad', 'few', 'poor', '<script>']) await ledger.submit(aBorrow({ tool }))
  const { rows } = await allPages(before => ledger.denials({ limit: 1, before }))
  expect(rows.map(({ tool, reason, user, deniedAt }) => [tool, reason, user, deniedAt])).toEqual([
    ['<script>', 'unknown_tool', 'alice', at],
    ['poor', 'spend_cap', 'alice', at],
    ['few', 'max_overage', 'alice', at],
    ['cad', 'exhausted', 'alice', at],
  ])
  expect((await ledger.denials({ tool: 'cad', limit: 9 })).rows).toHaveLength(1)
})

test('pools come by tool, and one that does not exist is nothing', async () => {
  const { ledger } = aLedger([free('sim'), free('cad')])
  expect((await ledger.pools()).map(({ tool }) => tool)).toEqual(['cad', 'sim'])
  expect(await ledger.pool('nope')).toBeUndefined()
})

test('the spend cap is per month: it binds to its last cent and is new at midnight UTC of the first', async () => {
  const { ledger, clock, grant } = aLedger([
    aPool({ total: 9, commit: 0, maxOverage: 9, spendCapCents: 200_00 }),
  ])
  clock.set(Date.parse('2026-03-31T23:59:59.998Z'))
  await grant()
  await grant()
  clock.advance(1)
  expect(await ledger.submit(aBorrow())).toMatchObject({ kind: 'denied', reason: 'spend_cap' })
  clock.advance(1)
  await grant()
  expect(await ledger.pool('cad')).toMatchObject({
    spendMonth: '2026-04',
    spendCents: 100_00,
    overageCostCents: 300_00,
  })
})
