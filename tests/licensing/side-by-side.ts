/** A ledger and its model: every step is taken by both, then everything that can be seen is compared. */

import { expect } from 'vitest'
import { Database } from '../../src/db/driver.ts'
import type { Borrow, Command, Ledger, Outcome } from '../../src/licensing/ledger.ts'
import { type Pool, spentIn } from '../../src/licensing/pool.ts'
import { requestKeyOf } from '../../src/licensing/request-key.ts'
import { MINUTE_MS, monthOf, steadyClock } from '../../src/shared/clock.ts'
import { fakeClock, START } from '../support/fake-clock.ts'
import { assertInvariants } from '../support/ledger-invariants.ts'
import { aDatabase, openLedger } from './factories.ts'
import { LedgerModel, type ModelCommand, type ModelOutcome } from './ledger-model.ts'

export type Step =
  | { do: 'submit'; together: ModelCommand[] }
  | { do: 'pass'; ms: number }
  | { do: 'set the wall clock back'; ms: number }
  | { do: 'restart' }

/** Runs a ledger and its model side by side. */
export function sideBySide(pools: readonly Pool[]) {
  const path = aDatabase(pools)
  const wall = fakeClock()
  const model = new LedgerModel(pools, START)
  const ids: string[] = []
  const expired: string[] = []
  const open = () =>
    openLedger({
      path,
      clock: steadyClock(wall),
      onExpired: ended => expired.push(...ended.map(({ id }) => id)),
    })
  let ledger = open()

  const asCommand = (given: ModelCommand): Command => {
    switch (given.kind) {
      case 'borrow': {
        const requestKey = requestKeyOf(given.key ?? undefined, null, ['borrow', given.tool, given.user])
        return { kind: 'borrow', tool: given.tool, user: given.user, session: null, requestKey }
      }
      case 'configure':
      case 'sweep':
        return given
      default:
        return { kind: given.kind, id: ids[given.borrow] ?? 'no-such-borrow' }
    }
  }

  async function submit(together: ModelCommand[]) {
    // Steps count borrows from the newest back; past the oldest there is none.
    const known = together.map(given =>
      'borrow' in given ? { ...given, borrow: ids.length - 1 - given.borrow } : given,
    )
    const outcomes = await Promise.all(known.map(given => ledger.submit(asCommand(given))))
    model.reach(rowsOf(path).lastAt)
    expect(model.now).toBeGreaterThanOrEqual(wall.now())
    for (const [index, given] of known.entries()) compare(outcomes[index] as Outcome, model.decide(given))
  }

  function compare(actual: Outcome, expected: ModelOutcome) {
    const { borrow: place, ...fields } = expected
    expect(actual).toMatchObject(fields)
    if (place === undefined || !('borrow' in actual))
      return expect('borrow' in actual).toBe(place !== undefined)
    ids[place] ??= actual.borrow.id
    expect(actual.borrow.id).toBe(ids[place])
  }

  async function check() {
    assertInvariants(path)
    const stored = rowsOf(path)
    expect(stored.borrows).toEqual(
      model.borrows
        .map(({ ended, cents: _, ...borrow }, place) => ({
          ...borrow,
          id: ids[place],
          session: null,
          endedAt: ended?.at ?? null,
          endReason: ended?.reason ?? null,
        }))
        .toSorted((a, b) => ((a.id ?? '') < (b.id ?? '') ? -1 : 1)),
    )
    expect(
      (await ledger.charges({ limit: 1e6 })).rows
        .map(({ charge, borrow }) => ({ ...charge, borrowId: borrow.id }))
        .toReversed(),
    ).toMatchObject(
      model.borrows.flatMap(({ tool, user, borrowedAt, cents }, place) =>
        cents === null
          ? []
          : [{ tool, user, borrowId: ids[place], chargedAt: borrowedAt, amountCents: cents }],
      ),
    )
    expect((await ledger.denials({ limit: 1e6 })).rows.toReversed()).toMatchObject(
      model.denials.map(({ at, ...denial }) => ({ ...denial, deniedAt: at })),
    )
    for (const pool of await ledger.pools()) {
      expect(pool).toMatchObject({
        ...model.settings.get(pool.tool),
        borrowed: model.held(pool.tool),
        overageCostCents: model.charged(pool.tool),
      })
      expect(spentIn(pool, monthOf(model.now))).toBe(model.spent(pool.tool))
    }
    expect(expired.toSorted()).toEqual(
      stored.borrows.filter(row => row.endReason === 'expired').map(({ id }) => id),
    )
  }

  return {
    async run(next: Step) {
      if (next.do === 'submit') await submit(next.together)
      else if (next.do === 'pass') wall.advance(next.ms)
      else if (next.do === 'set the wall clock back') wall.set(wall.now() - next.ms)
      else {
        await ledger.close()
        ledger = open()
      }
      await check()
    },
    checkHistory: async () => {
      for (const tool of model.settings.keys())
        expect(await history(ledger, tool, model.now)).toMatchObject(model.past(tool))
    },
    close: () => ledger.close(),
  }
}

/** Everything since the start in one bucket. */
async function history(ledger: Ledger, tool: string, now: number) {
  // A clock that is set back before the first command makes the ledger begin before the start.
  const from = Math.floor(START / MINUTE_MS) * MINUTE_MS - 30 * 24 * 60 * MINUTE_MS
  const to = Math.ceil((now + 1) / MINUTE_MS) * MINUTE_MS
  const [bucket] = await ledger.usage(tool, { from, to, stepMs: to - from })
  return bucket
}

/** What only the file shows: the time of the last transaction, and borrows that have ended. */
function rowsOf(path: string) {
  const database = new Database(path, { readonly: true })
  try {
    const lastAt = database.prepare('SELECT last_at FROM ledger_state').pluck().get() as number
    const borrows = database
      .prepare<[], Omit<Borrow, 'isOverage'> & { isOverage: 0 | 1 }>(
        `SELECT id, tool, user, session, borrowed_at AS borrowedAt, expires_at AS expiresAt, is_overage AS isOverage,
          ended_at AS endedAt, end_reason AS endReason FROM borrows ORDER BY id`,
      )
      .all()
    return { lastAt, borrows: borrows.map((row): Borrow => ({ ...row, isOverage: row.isOverage === 1 })) }
  } finally {
    database.close()
  }
}
