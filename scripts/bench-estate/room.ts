/** How much room the estate takes: in the database by table, and in the lake. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Database } from '../../src/db/driver.ts'

export interface Room {
  rawBytes: number
  rawRows: number
  rollupBytes: number
  /** Samples that the rollups are sums of. */
  samples: number
  totalBytes: number
}

const DAY_SECONDS = 86_400
const rawTables = ['server', 'container', 'service'].map(kind => `estate_${kind}_samples`)
const isRollup = (name: string) => /rollups|resource_hours/.test(name)

/** @param path of a database that nobody writes */
export function databaseRoom(path: string): Room {
  const db = new Database(path, { readonly: true })
  const tables = db.prepare('SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name').all() as {
    name: string
    bytes: number
  }[]
  const bytesOf = (holds: (name: string) => boolean) =>
    tables.reduce((sum, { name, bytes }) => sum + (holds(name) ? bytes : 0), 0)
  const count = (table: string) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number
  const room: Room = {
    rawBytes: bytesOf(name => rawTables.includes(name)),
    rawRows: rawTables.reduce((sum, table) => sum + count(table), 0),
    rollupBytes: bytesOf(isRollup),
    samples: db.prepare('SELECT sum(samples) FROM estate_resource_hours').pluck().get() as number,
    totalBytes: bytesOf(() => true),
  }
  db.close()
  return room
}

export interface LakeRoom {
  objects: number
  bytes: number
}

export function lakeRoom(folder: string): LakeRoom {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  const bytes = files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
  return { objects: files.length, bytes }
}

/** What a day of the estate takes when each resource sends every 30 s. @param servers of the default proportions */
export function dayOf(servers: number, room: Room, lake: LakeRoom, taken: number) {
  const samples = (servers * 3.5 * DAY_SECONDS) / 30
  const perRow = room.rawRows > 0 ? room.rawBytes / room.rawRows : Number.NaN
  return {
    samples,
    rawMegabytes: (samples * perRow) / 1e6,
    lakeMegabytes: (samples * (lake.bytes / taken)) / 1e6,
  }
}
