import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Command } from '../../src/licensing/ledger.ts'
import { createSweeper } from '../../src/licensing/sweeper.ts'
import { fakeClock, START } from '../support/fake-clock.ts'
import { assertInvariants } from '../support/ledger-invariants.ts'
import { createWorld, temporaryFolder } from '../support/world.ts'
import { aBorrow, aChange, aDatabase, aLedger, aPool, openLedger } from './factories.ts'

const SECOND = 1000
const aMinuteEach = aPool({ total: 1, commit: 1, maxOverage: 0, leaseTtlSeconds: 60 })

describe('a lease', () => {
  test('holds to its last millisecond and ends with it', async () => {
    const { ledger, clock, grant, expired } = aLedger([aMinuteEach])
    const { id, expiresAt } = await grant()
    expect(expiresAt).toBe(START + 60 * SECOND)
    clock.advance(60 * SECOND - 1)
    expect(await ledger.submit(aBorrow({ user: 'bob' }))).toMatchObject({
      kind: 'denied',
      reason: 'exhausted',
    })
    clock.advance(1)
    expect(await ledger.submit(aBorrow({ user: 'bob' }))).toMatchObject({ kind: 'granted' })
    expect(expired).toMatchObject([{ id, endReason: 'expired', endedAt: START + 60 * SECOND }])
  })

  test('that ran out comes back before anybody is denied, also within the commit', async () => {
    const { ledger, clock, grant } = aLedger([
      aPool({ total: 2, commit: 1, maxOverage: 1, leaseTtlSeconds: 60 }),
    ])
    await grant()
    clock.advance(60 * SECOND)
    expect(await ledger.submit(aBorrow({ user: 'bob' }))).toMatchObject({
      borrow: { isOverage: false },
      charge: null,
    })
  })

  test('of another pool that ran out comes back with any command', async () => {
    const { ledger, clock, grant, path } = aLedger([aMinuteEach, aPool({ tool: 'sim' })])
    await grant()
    clock.advance(60 * SECOND)
    await grant({ tool: 'sim' })
    expect(await ledger.pool('cad')).toMatchObject({ borrowed: 0 })
    assertInvariants(path)
  })

  test('starts anew when it is renewed, by the lease time of now', async () => {
    const { ledger, clock, grant } = aLedger([aMinuteEach])
    const { id } = await grant()
    clock.advance(59 * SECOND)
    await ledger.submit(aChange({ leaseTtlSeconds: 10 }))
    expect(await ledger.submit({ kind: 'renew', id })).toMatchObject({
      borrow: { expiresAt: START + 69 * SECOND },
    })
    clock.advance(10 * SECOND)
    expect(await ledger.submit({ kind: 'renew', id })).toEqual({
      kind: 'ended',
      tool: 'cad',
      reason: 'expired',
    })
  })

  test('keeps its end when the lease time of the pool changes', async () => {
    const { ledger, clock, grant, expired } = aLedger([aMinuteEach])
    await grant()
    await ledger.submit(aChange({ leaseTtlSeconds: 0 }))
    clock.advance(60 * SECOND)
    await ledger.submit({ kind: 'sweep' })
    expect(expired).toHaveLength(1)
  })

  test('without a time never ends', async () => {
    const { ledger, clock, grant, expired } = aLedger([{ ...aMinuteEach, leaseTtlSeconds: 0 }])
    expect(await grant()).toMatchObject({ expiresAt: null })
    clock.advance(366 * 24 * 3600 * SECOND)
    await ledger.submit({ kind: 'sweep' })
    expect(expired).toEqual([])
  })

  test('that ran out is answered as already returned, and never ends twice', async () => {
    const { ledger, clock, grant, expired } = aLedger([aMinuteEach])
    const { id } = await grant()
    clock.advance(60 * SECOND)
    const kinds: Command['kind'][] = ['sweep', 'return', 'revoke', 'sweep']
    const outcomes = await Promise.all(kinds.map(kind => ledger.submit({ kind, id } as Command)))
    expect(outcomes.map(({ kind }) => kind)).toEqual(['swept', 'already_returned', 'ended', 'swept'])
    expect(expired).toHaveLength(1)
  })

  test('that ran out while the server was down comes back with the first command', async () => {
    const path = aDatabase([aMinuteEach])
    const clock = fakeClock()
    const before = openLedger({ path, clock })
    await before.submit(aBorrow())
    await before.close()
    clock.advance(3600 * SECOND)
    const { ledger, expired } = aLedger([], { path, clock })
    expect(await ledger.submit(aBorrow({ user: 'bob' }))).toMatchObject({ kind: 'granted' })
    expect(expired).toMatchObject([{ user: 'alice', endedAt: START + 3600 * SECOND }])
  })
})

test('leases go on running, at half speed, after a restart with a clock that was set back', async () => {
  const clock = fakeClock()
  const dbPath = join(temporaryFolder(), 'licenses.db')
  const before = createWorld({ dbPath }, { clock })
  const { body } = await before.send('POST', '/licenses/borrow', { tool: 'cad_tool', user: 'alice' })
  await body?.cancel()
  await before.app.stop()

  clock.set(START - 30 * 24 * 3600 * SECOND)
  const { app } = createWorld({ dbPath }, { clock })
  await app.ledger.submit({ kind: 'sweep' })
  expect(await app.ledger.pool('cad_tool')).toMatchObject({ borrowed: 1, leaseTtlSeconds: 2 * 3600 })
  clock.advance(2 * 2 * 3600 * SECOND)
  await app.ledger.submit({ kind: 'sweep' })
  expect(await app.ledger.pool('cad_tool')).toMatchObject({ borrowed: 0 })
})

describe('the sweeper', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  function aSweeper(submit: () => Promise<unknown>) {
    const errors: unknown[] = []
    const log = { error: (event: string) => errors.push(event) } as never
    return { sweeper: createSweeper({ ledger: { submit: submit as never }, log }), errors }
  }

  test('sweeps at its start and then every second until it is stopped', async () => {
    const submit = vi.fn(async () => ({ kind: 'swept' }))
    const { sweeper } = aSweeper(submit)
    await vi.advanceTimersByTimeAsync(5000)
    expect(submit).toHaveBeenCalledTimes(0)
    await sweeper.start()
    expect(submit).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(3000)
    expect(submit).toHaveBeenCalledTimes(4)
    sweeper.stop()
    await vi.advanceTimersByTimeAsync(5000)
    expect(submit).toHaveBeenCalledTimes(4)
  })

  test('goes on after failures and says so once for a series of them', async () => {
    const submit = vi.fn(async () => ({ kind: 'swept' }))
    const { sweeper, errors } = aSweeper(submit)
    const fail = () => submit.mockRejectedValueOnce(new Error('full'))
    fail()
    fail()
    await sweeper.start()
    await vi.advanceTimersByTimeAsync(2000)
    expect(errors).toEqual(['storage_failed'])
    fail()
    await vi.advanceTimersByTimeAsync(2000)
    expect(errors).toEqual(['storage_failed', 'storage_failed'])
    expect(submit).toHaveBeenCalledTimes(5)
    sweeper.stop()
  })

  test('that is stopped while a sweep is under way does not sweep again', async () => {
    let swept: ((value: unknown) => void) | undefined
    const submit = vi.fn(
      () =>
        new Promise(resolve => {
          swept = resolve
        }),
    )
    const { sweeper } = aSweeper(submit)
    const started = sweeper.start()
    sweeper.stop()
    swept?.({ kind: 'swept' })
    await started
    await vi.advanceTimersByTimeAsync(5000)
    expect(submit).toHaveBeenCalledTimes(1)
  })

  test('sends no second sweep while one is under way, the first one included', async () => {
    const submit = vi.fn(() => new Promise(() => {}))
    const { sweeper } = aSweeper(submit)
    void sweeper.start()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(submit).toHaveBeenCalledTimes(1)
    sweeper.stop()
  })
})
