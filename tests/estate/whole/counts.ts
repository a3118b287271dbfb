/** What the estate's database and its lake hold, to be compared with what was sent. */
import { existsSync } from 'node:fs'
import { Database } from '../../../src/db/driver.ts'
import { openDirectoryLake } from '../../../src/estate/lake/directory-lake.ts'
import { systemClock } from '../../../src/shared/clock.ts'
import { keysOf } from '../lake/lakes.ts'

const kinds = ['server', 'container', 'service'] as const

export function asked<T>(path: string, ask: (rows: <R>(sql: string) => R[]) => T): T {
  const database = new Database(path, { readonly: true })
  try {
    return ask(<R>(sql: string) => database.prepare(sql).all() as R[])
  } finally {
    database.close()
  }
}

/** How many raw samples there are; 0 while there is no database. */
export function rawSamples(path: string): number {
  if (!existsSync(path)) return 0
  const count = (kind: string) => `(SELECT count(*) FROM estate_${kind}_samples)`
  try {
    return asked(path, rows => rows<{ n: number }>(`SELECT ${kinds.map(count).join(' + ')} AS n`))[0]?.n ?? 0
  } catch (error) {
    // It is being made.
    if (/no such table|locked/.test(String(error))) return 0
    throw error
  }
}

/** `kind name at`, sorted: each sample that is a row. */
export const samplesIn = (path: string): string[] =>
  asked(path, rows =>
    kinds
      .flatMap(kind =>
        rows<{ name: string; at: number }>(
          `SELECT name, at FROM estate_${kind}_samples JOIN estate_resources ON id = resource`,
        ).map(({ name, at }) => `${kind} ${name} ${at}`),
      )
      .sort(),
  )

/** Samples that each sum has counted: those of every span of the rollups, and those of the hours. */
export const sumsIn = (path: string): Record<string, number> =>
  asked(path, rows =>
    Object.fromEntries([
      ...kinds.flatMap(kind =>
        rows<{ span: number; n: number }>(
          `SELECT span, sum(samples) AS n FROM estate_${kind}_rollups ${kind === 'service' ? "WHERE region = '*'" : ''} GROUP BY span`,
        ).map(({ span, n }) => [`${kind} ${span}`, n]),
      ),
      ...rows<{ kind: string; n: number }>(
        `SELECT kind, sum(samples) AS n FROM estate_resource_hours JOIN estate_resources ON id = resource GROUP BY kind`,
      ).map(({ kind, n }) => [`${kind} hours`, n]),
      ['requests', rows<{ n: number }>('SELECT sum(requests) AS n FROM estate_resource_hours')[0]?.n ?? 0],
      ['dead letters', rows<{ n: number }>('SELECT count(*) AS n FROM estate_dead_letters')[0]?.n ?? 0],
    ]),
  )

/** How many objects of the lake were taken. */
export const takenObjects = (path: string): number =>
  asked(path, rows => rows<{ n: number }>('SELECT count(*) AS n FROM estate_lake_objects'))[0]?.n ?? 0

/** The bodies of all objects. */
export async function bodiesIn(folder: string): Promise<Buffer[]> {
  const lake = await openDirectoryLake(folder, systemClock)
  const bodies: Buffer[] = []
  for (const key of await keysOf(lake)) {
    const body = await lake.get(key)
    if (body) bodies.push(body)
  }
  await lake.close()
  return bodies
}
