/** Requests, failures and response times of services over a window. */
import type { Db } from '../../db/open.ts'
import { inPieces } from './pieces-store.ts'
import { MergedSketch } from './sketch-text.ts'
import { type Piece, piecesOf } from './window.ts'

export interface ServiceSums {
  service: string
  requests: number
  failed: number
  latencySum: number
  latencyRequests: number
  samples: number
  coveredMs: number
}
export type RegionSums = ServiceSums & { region: string }

const SUMS = `sum(r.requests) AS requests, sum(r.failed) AS failed, sum(r.latency_sum) AS latencySum,
  sum(r.latency_requests) AS latencyRequests, sum(r.samples) AS samples, sum(r.covered_ms) AS coveredMs`

export type ServiceSumsStore = ReturnType<typeof createServiceSums>

export function createServiceSums(db: Db) {
  const from = inPieces('estate_service_rollups')
  const byService = db.$client.prepare<[object], ServiceSums>(
    `SELECT r.service, ${SUMS} FROM ${from} WHERE r.region = '*' GROUP BY r.service ORDER BY r.service`,
  )
  const byRegion = db.$client.prepare<[object], RegionSums>(
    `SELECT r.region, r.service, ${SUMS} FROM ${from} WHERE r.region <> '*'
     GROUP BY r.region, r.service ORDER BY r.region, r.service`,
  )
  const sketches = db.$client
    .prepare<[object], [string, string]>(
      `SELECT r.service, r.sketch FROM ${from}
       WHERE r.region = '*' AND r.sketch IS NOT NULL AND (@service IS NULL OR r.service = @service)`,
    )
    .raw()
  const bind = (pieces: readonly Piece[]) => ({ pieces: JSON.stringify(pieces) })

  return {
    /** Each that was heard of in the last so many ms, by name. */
    ofLast: (ms: number, now: number): ServiceSums[] => byService.all(bind(piecesOf(ms, now))),
    ofPieces: (pieces: readonly Piece[]): ServiceSums[] => byService.all(bind(pieces)),
    byRegionOfLast: (ms: number, now: number): RegionSums[] => byRegion.all(bind(piecesOf(ms, now))),
    /** All response times of each, put together. @param service null: all */
    sketchesOfLast(ms: number, service: string | null, now: number): Map<string, MergedSketch> {
      const merged = new Map<string, MergedSketch>()
      for (const [name, text] of sketches.iterate({ ...bind(piecesOf(ms, now)), service })) {
        const sketch = merged.get(name) ?? new MergedSketch()
        merged.set(name, sketch)
        sketch.add(text)
      }
      return merged
    },
  }
}
