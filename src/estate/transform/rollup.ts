/** Sums of samples by buckets of time, in memory. Pure. */
import { mergeInto, type Sketch } from '../../machine/sketch.ts'

export const MINUTE_SPAN = 60_000
export const HOUR_SPAN = 3_600_000
/** Buckets of so many ms. */
export const spans = [MINUTE_SPAN, 300_000, HOUR_SPAN] as const
export type Span = (typeof spans)[number]
/** Of samples that do not say their region, environment or service. */
export const UNKNOWN = '_unknown'
export const ALL_REGIONS = '*'

export const bucketAt = (at: number, span: number): number => Math.floor(at / span) * span

type Sums = { [name: string]: number | null }
/** Adds up, but for the names that end in Max and Min. */
export function mergeSums<S extends object>(into: S, more: S): void {
  const sums = into as Sums
  for (const name in more) {
    const value = more[name as keyof S] as number | null
    const held = sums[name] ?? null
    if (value === null) continue
    if (held === null) sums[name] = value
    else if (name.endsWith('Max')) sums[name] = Math.max(held, value)
    else if (name.endsWith('Min')) sums[name] = Math.min(held, value)
    else sums[name] = held + value
  }
}

/** Sums by bucket and group, in memory. */
export type Buckets<Key, Sums> = Map<number, Map<string, Row<Key, Sums>>>
export interface Row<Key, Sums> {
  key: Key
  sums: Sums
  sketch: Sketch | null
}

export function rowAt<Key, Sums>(
  buckets: Buckets<Key, Sums>,
  bucket: number,
  group: string,
  make: () => Row<Key, Sums>,
): Row<Key, Sums> {
  let rows = buckets.get(bucket)
  if (!rows) {
    rows = new Map()
    buckets.set(bucket, rows)
  }
  let row = rows.get(group)
  if (!row) {
    row = make()
    rows.set(group, row)
  }
  return row
}

/** The same sums in larger buckets. */
export function fold<Key, Sums extends object>(buckets: Buckets<Key, Sums>, span: Span): Buckets<Key, Sums> {
  const folded: Buckets<Key, Sums> = new Map()
  for (const [bucket, rows] of buckets)
    for (const [group, { key, sums, sketch }] of rows) {
      let isFirst = false
      const into = rowAt(folded, bucketAt(bucket, span), group, () => {
        isFirst = true
        return { key, sums: { ...sums }, sketch: sketch && new Map(sketch) }
      })
      if (isFirst) continue
      mergeSums(into.sums, sums)
      if (!sketch) continue
      into.sketch ??= new Map()
      mergeInto(into.sketch, sketch)
    }
  return folded
}
