/** SQLite's driver, for the Node that runs. */
import { createRequire } from 'node:module'
import type BetterSqlite3 from 'better-sqlite3'
import { StartFailure } from '../shared/errors.ts'

export type Connection = BetterSqlite3.Database

/** Of Node 22.14 and newer. */
const NODE_API = 10

/**
 * Two releases, as neither is good for all: from 13 on it asks for Node-API 10, and an older Node ends with a
 * segmentation fault; before 13 it ends Node 24.19 and newer when an unused statement is collected.
 */
const name = Number(process.versions.napi) >= NODE_API ? 'better-sqlite3' : 'better-sqlite3-12'

function load(): typeof BetterSqlite3 {
  try {
    return createRequire(import.meta.url)(name)
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'MODULE_NOT_FOUND') throw error
    return Missing as unknown as typeof BetterSqlite3
  }
}

/** Fails where a database is opened: there who started the program is told. */
class Missing {
  static readonly SqliteError = class extends Error {}
  constructor() {
    throw new StartFailure(
      `SQLite for Node ${process.versions.node} is not there: it could not be built when the packages were installed`,
      'a newer Node, or a compiler (apt-get install build-essential); then npm ci again',
    )
  }
}

export const Database = load()
