/** What the files of a server say against what its clients were promised. They may be read while it runs. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { type Connection, Database } from '../../src/db/driver.ts'
import type { Received } from '../../src/ingest/received.ts'
import { brokenInvariants } from '../../tests/support/ledger-invariants.ts'
import type { Book, BorrowRow } from './book.ts'
import type { Sent } from './devices.ts'

/** A rule, and what breaks it. Nothing: it holds. */
export interface Check {
  rule: string
  problems: readonly string[]
}

function reading<T>(path: string, read: (database: Connection) => T): T {
  const database = new Database(path, { readonly: true })
  try {
    return read(database)
  } finally {
    database.close()
  }
}

const KEY_PREFIX = 'soak-'

const borrowsOf = (path: string): BorrowRow[] =>
  reading(path, database =>
    database
      .prepare<[string], BorrowRow>(
        `SELECT b.user AS key, b.id, b.tool, amount_cents AS cents, expires_at AS expiresAt, end_reason AS endReason
         FROM borrows b LEFT JOIN charges c ON c.borrow_row = b.row WHERE b.user LIKE ? || '%'`,
      )
      .all(KEY_PREFIX),
  )

/** The ledger against its own rules, and against every answer. No answer is taken meanwhile: it is all one turn of the loop. */
export function ledgerChecks(path: string, book: Book, capMax: ReadonlyMap<string, number>): Check[] {
  const peaks = reading(path, database =>
    database
      .prepare<[], { tool: string; peak: number }>(
        'SELECT tool, max(peak) AS peak FROM usage_minutes GROUP BY tool',
      )
      .all(),
  )
  const over = peaks.filter(({ tool, peak }) => peak > (capMax.get(tool) ?? Number.POSITIVE_INFINITY))
  return [
    { rule: 'the ledger keeps its own rules', problems: brokenInvariants(path) },
    {
      rule: 'every answered borrow is kept, none twice for a key, none unasked',
      problems: book.broken(borrowsOf(path)),
    },
    {
      rule: 'no pool ever granted more than its widest cap',
      problems: over.map(
        ({ tool, peak }) => `${tool}: ${peak} seats, the cap was ${capMax.get(tool)} at most`,
      ),
    },
  ]
}

/** Numbers that were acknowledged and are in none of the ranges. */
export const lostOf = (acknowledged: Iterable<number>, received: Received): number[] =>
  [...acknowledged].filter(seq => !received.some(([from, to]) => seq >= from && seq <= to))

const rangesOf = (texts: string[]): Received => texts.flatMap(text => JSON.parse(text) as Received)

function lostIn(rows: string[], { name, acknowledged }: Sent): string[] {
  const lost = lostOf([...acknowledged], rangesOf(rows))
  return lost.length > 0
    ? [`${name}: ${lost.length} of ${acknowledged.size} are gone, ${lost.slice(0, 10)}`]
    : []
}

/** More, or fewer, than were provoked. @param sent those that provoked them */
function deadLetters(path: string, table: string, sent: readonly Sent[]): string[] {
  const count = reading(
    path,
    database => database.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number,
  )
  const known = sent.reduce((sum, { bad }) => sum + bad.acknowledged, 0)
  const doubt = sent.reduce((sum, { bad }) => sum + bad.inDoubt, 0)
  return count >= known && count <= known + doubt
    ? []
    : [`${count} are kept, provoked were ${known} to ${known + doubt}`]
}

/** What was acknowledged to our vehicles is kept. @param calm nothing is on its way */
export function fleetChecks(path: string, sent: readonly Sent[], calm: boolean): Check[] {
  const problems = sent.flatMap(one =>
    lostIn(
      reading(path, database =>
        database
          .prepare(
            'SELECT received FROM boots b JOIN vehicles v ON v.id = b.vehicle_id WHERE v.vehicle = ? AND b.boot = ?',
          )
          .pluck()
          .all(one.name, one.boot),
      ) as string[],
      one,
    ),
  )
  const kept: Check = { rule: 'every acknowledged message of a vehicle is kept, without a gap', problems }
  if (!calm) return [kept]
  return [
    kept,
    {
      rule: 'dead letters of the fleet are those provoked',
      problems: deadLetters(path, 'dead_letters', sent),
    },
  ]
}

/** What was acknowledged to our machine is in the tables, and every object of the lake was taken once, line by line. */
export function estateChecks(path: string, lake: string, machine: Sent, stoppedAt: number): Check[] {
  const rows = reading(path, database =>
    database
      .prepare(
        'SELECT ranges FROM estate_received JOIN estate_resources ON id = resource WHERE name = ? AND boot = ?',
      )
      .pluck()
      .all(machine.name, machine.boot),
  ) as string[]
  return [
    { rule: 'every acknowledged sample of a machine is in the tables', problems: lostIn(rows, machine) },
    {
      rule: 'dead letters of the estate are those provoked',
      problems: deadLetters(path, 'estate_dead_letters', [machine]),
    },
    { rule: 'every line of the lake was taken once', problems: lakeProblems(path, lake, stoppedAt) },
  ]
}

/** What is put into the lake in the last moments is taken at the next start. */
const LAST_MS = 20_000

function lakeProblems(path: string, lake: string, stoppedAt: number): string[] {
  interface Row {
    key: string
    lines: number
  }
  const taken = new Map(
    reading(path, database =>
      database
        .prepare<[], Row>('SELECT key, samples + duplicates + dead AS lines FROM estate_lake_objects')
        .all(),
    ).map(({ key, lines }) => [key, lines]),
  )
  const problems: string[] = []
  for (const key of objectsOf(lake)) {
    const file = join(lake, key)
    const lines = taken.get(key)
    taken.delete(key)
    if (lines === undefined && stoppedAt - statSync(file).mtimeMs > LAST_MS)
      problems.push(`${key} was never taken`)
    if (lines === undefined) continue
    const written = linesOf(readFileSync(file))
    if (written !== lines) problems.push(`${key} has ${written} lines, ${lines} were taken`)
  }
  for (const key of taken.keys()) problems.push(`${key} was taken and is gone`)
  return problems
}

const objectsOf = (lake: string): string[] =>
  readdirSync(lake, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.jsonl.gz'))
    .map(name => name.replaceAll('\\', '/'))

function linesOf(packed: Buffer): number {
  const body = gunzipSync(packed)
  let lines = 0
  for (let at = body.indexOf(10); at >= 0; at = body.indexOf(10, at + 1)) lines++
  return lines
}

/** MB of what is in a folder, by the name's beginning; a folder counts with all that is in it. */
export function sizesOf(folder: string): Map<string, number> {
  const sizes = new Map<string, number>()
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const [top = name] = name.split('/')
    try {
      const { size } = statSync(join(folder, name))
      sizes.set(top, (sizes.get(top) ?? 0) + size / 1024 / 1024)
    } catch {
      // Renamed or removed meanwhile.
    }
  }
  return sizes
}
