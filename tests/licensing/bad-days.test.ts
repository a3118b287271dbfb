/** The store fails while the ledger runs: nothing is half done, reads go on, it recovers by itself. */
import { copyFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Database } from '../../src/db/driver.ts'
import type { Ledger } from '../../src/licensing/ledger.ts'
import { builtLedger } from '../support/built.ts'
import { assertInvariants } from '../support/ledger-invariants.ts'
import { mayMount, smallDisk } from '../support/small-disk.ts'
import { temporaryFolder } from '../support/world.ts'
import { aBorrow, aDatabase, aLedger, aPool } from './factories.ts'

const many = aPool({ total: 100_000, commit: 100_000 })

/** Borrows until a borrow fails. @returns how many were granted, and why the last was not */
async function borrowUntilFailure(ledger: Ledger, user = 'alice') {
  for (let granted = 0; granted < 10_000; granted++) {
    const failure = await ledger.submit(aBorrow({ user })).then(
      () => null,
      error => error,
    )
    if (failure) return { granted, failure }
  }
  throw new Error('no borrow failed')
}

const inThread = { make: builtLedger, inline: false }

describe('a ledger', () => {
  test.each(['BEGIN IMMEDIATE', 'BEGIN EXCLUSIVE'])(
    'that another program locks with %s fails commands as storage_locked, goes on reading and recovers',
    async begin => {
      const { ledger, path, grant } = aLedger([many], { ...inThread, busyTimeoutMs: 50 })
      await grant()
      const other = new Database(path)
      onTestFinished(() => void other.close())
      other.exec(begin)
      const outcomes = await Promise.allSettled([aBorrow(), aBorrow({ user: 'bob' })].map(ledger.submit))
      expect(outcomes).toMatchObject(
        Array(2).fill({ status: 'rejected', reason: { reason: 'storage_locked' } }),
      )
      expect(await ledger.pool('cad')).toMatchObject({ borrowed: 1 })
      expect((await ledger.openBorrows({ limit: 9, offset: 0 })).total).toBe(1)
      other.exec('ROLLBACK')
      await grant()
      expect(await ledger.pool('cad')).toMatchObject({ borrowed: 2 })
      assertInvariants(path)
    },
  )

  test('whose lock is let go in time waits and succeeds', async () => {
    const { ledger, path } = aLedger([many], { ...inThread, busyTimeoutMs: 5000 })
    const other = new Database(path)
    other.exec('BEGIN IMMEDIATE')
    const outcome = ledger.submit(aBorrow())
    expect(await Promise.race([outcome, new Promise(resolve => setTimeout(resolve, 300, 'waits'))])).toBe(
      'waits',
    )
    other.exec('COMMIT')
    other.close()
    expect(await outcome).toMatchObject({ kind: 'granted' })
  })

  test.skipIf(!mayMount)(
    'whose disk is full fails commands as storage_full, goes on reading and recovers',
    async () => {
      const disk = smallDisk(2048)
      const { ledger, path, grant } = aLedger([], { path: aDatabase([many], disk.folder), ...inThread })
      await grant()
      disk.fill()
      const { granted, failure } = await borrowUntilFailure(ledger)
      expect(failure).toMatchObject({ reason: 'storage_full' })
      expect(await ledger.pool('cad')).toMatchObject({ borrowed: granted + 1 })
      expect((await ledger.openBorrows({ limit: 9, offset: 0 })).total).toBe(granted + 1)
      await expect(ledger.submit(aBorrow())).rejects.toMatchObject({ reason: 'storage_full' })
      disk.makeRoom()
      await grant()
      expect(await ledger.pool('cad')).toMatchObject({ borrowed: granted + 2 })
      assertInvariants(path)
    },
  )

  test.skipIf(!mayMount)(
    'whose disk is full says so also for the others of a group that a command broke',
    async () => {
      const disk = smallDisk(2048)
      const path = aDatabase([many], disk.folder)
      const other = new Database(path)
      onTestFinished(() => void other.close())
      other.exec(`CREATE TRIGGER poison BEFORE INSERT ON borrows WHEN NEW.user = 'poison'
      BEGIN SELECT RAISE(ABORT, 'poisoned'); END`)
      const { ledger } = aLedger([], { path, ...inThread })
      disk.fill()
      await borrowUntilFailure(ledger)
      const outcomes = await Promise.allSettled(
        ['poison', 'bob'].map(user => ledger.submit(aBorrow({ user }))),
      )
      expect(outcomes).toMatchObject([
        { reason: { message: 'poisoned' } },
        { reason: { reason: 'storage_full' } },
      ])
    },
  )

  test('whose file is deleted fails commands as storage_missing instead of writing to nowhere', async () => {
    const { ledger, path, grant } = aLedger([many], inThread)
    await grant()
    rmSync(path)
    await expect(ledger.submit(aBorrow())).rejects.toMatchObject({ reason: 'storage_missing' })
    await expect(ledger.submit(aBorrow())).rejects.toMatchObject({ reason: 'storage_missing' })
    expect(await ledger.pool('cad')).toMatchObject({ borrowed: 1 })
  })

  test('whose file is moved away recovers when it is moved back', async () => {
    const { ledger, path, grant } = aLedger([many], inThread)
    await grant()
    renameSync(path, `${path}.away`)
    await expect(ledger.submit(aBorrow())).rejects.toMatchObject({ reason: 'storage_missing' })
    renameSync(`${path}.away`, path)
    await grant()
    expect(await ledger.pool('cad')).toMatchObject({ borrowed: 2 })
    assertInvariants(path)
  })

  test('whose file is replaced by another one does not take it for its own', async () => {
    const { ledger, path, grant } = aLedger([many], inThread)
    await grant()
    const copy = join(temporaryFolder(), 'copy.db')
    copyFileSync(path, copy)
    renameSync(copy, path)
    await expect(ledger.submit(aBorrow())).rejects.toMatchObject({ reason: 'storage_missing' })
  })

  test('that is closed decides what waits, then refuses', async () => {
    const { ledger, path } = aLedger([many], inThread)
    const waiting = Promise.all(Array.from({ length: 100 }, () => ledger.submit(aBorrow())))
    const closed = ledger.close()
    await expect(ledger.submit(aBorrow())).rejects.toMatchObject({ reason: 'stopping' })
    expect((await waiting).every(({ kind }) => kind === 'granted')).toBe(true)
    await closed
    assertInvariants(path)
  })
})

test('a ledger that decides inline names the store’s troubles as failures too', async () => {
  const { ledger, path } = aLedger([many])
  rmSync(path)
  await expect(ledger.submit(aBorrow())).rejects.toMatchObject({ reason: 'storage_missing' })
})
