import type { z } from 'zod'
import type { BodyOf, Kind, QueryOf } from '../reports/reports.ts'

/** A question that is asked over HTTP: one meaning, whatever it is called. */
export interface Endpoint<K extends Kind = Kind> {
  kind: K
  /** The first is its name, the others lead to the same. */
  paths: readonly [string, ...string[]]
  summary: string
  description?: string
  query: z.ZodObject
  reply: z.ZodType
  /** It is given page by page: `X-Total-Count` says how many rows there are. */
  paged?: true
}

/** Declares one: its query and its reply must be those of the report. */
export const endpoint = <
  K extends Kind,
  Q extends z.ZodObject & z.ZodType<QueryOf<K>>,
  R extends z.ZodType<BodyOf<K>>,
>(declared: {
  kind: K
  paths: readonly [string, ...string[]]
  summary: string
  description?: string
  query: Q
  reply: R
  paged?: true
}): Endpoint => declared
