/** What `npm run build` made: tests of threads and processes run what ships. */
import type { sqliteLedger } from '../../src/licensing/sqlite-ledger.ts'

const dist = new URL('../../dist/', import.meta.url)

export const builtServer = new URL('main.js', dist)

/** The ledger with its real writer thread. */
export const builtLedger: typeof sqliteLedger = (
  await import(new URL('licensing/sqlite-ledger.js', dist).href)
).sqliteLedger
