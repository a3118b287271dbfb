/**
 * How good the detectors are: drives a simulated estate through the transformer and the analysis, on a clock of its own
 * and without a network, and compares what was found with what was broken on purpose.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { openDatabase, prepareDatabase } from '../../src/db/open.ts'
import { createAnalyser } from '../../src/estate/analytics/analyse.ts'
import { type Detected, type Score, scoreOf } from '../../src/estate/analytics/score.ts'
import type { AnomalyFound } from '../../src/estate/commands.ts'
import { keyOf } from '../../src/estate/lake/object-key.ts'
import { estateMigrations } from '../../src/estate/migrations.ts'
import { type Command, estateDecider } from '../../src/estate/transform/decider.ts'
import type { TransformSettings } from '../../src/estate/transform/settings.ts'
import type { FaultNotice } from '../../src/machine/notices.ts'
import type { SampleMessage } from '../../src/machine/samples.ts'
import type { ResourceKind } from '../../src/machine/topics.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { createEstate } from '../../src/simulator/estate/estate.ts'
import { noticeOf } from '../../src/simulator/estate/fault.ts'
import { createRounds } from '../../src/simulator/estate/rounds.ts'

export interface ScoreOptions {
  /** That are analysed. */
  hours: number
  servers: number
  seed: number
  /** Of samples each 15 minutes before, so that something is usual. */
  historyDays?: number
  /** Told from 0 to 1. */
  onProgress?: (share: number) => void
}

export interface ScoreReport {
  score: Score
  /** Anomalies of no fault. */
  falseAlarms: (AnomalyFound & { detectedAt: number })[]
  missed: FaultNotice[]
  rounds: { count: number; meanMs: number; maxMs: number }
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const TICK_MS = 30_000
const HISTORY_SECONDS = 900
/** Of samples each 30 seconds before anything is scored, so that what was at another pace is out of the window. */
const WARM_UP_MS = 15 * 60_000
/** A Wednesday. */
const BEGINS_AT = Date.UTC(2026, 5, 3, 8)
const settings: TransformSettings = {
  rawKeepMs: DAY_MS,
  minuteKeepMs: 2 * DAY_MS,
  fiveMinuteKeepMs: 8 * DAY_MS,
  hourKeepMs: 90 * DAY_MS,
  lakeKeepMs: 8 * DAY_MS,
  resourcesMax: 20_000,
}

/** The same for the same options, but for how long the rounds take. */
export function scoreDetectors(options: ScoreOptions): ScoreReport {
  const { hours, servers, seed, historyDays = 7, onProgress = () => {} } = options
  const folder = mkdtempSync(join(tmpdir(), 'estate-score-'))
  const database = { path: join(folder, 'estate.db'), busyTimeoutMs: 1000, temporary: true }
  prepareDatabase(database, [estateMigrations], () => {})
  const db = openDatabase(database)
  try {
    const estate = createEstate({ servers, seed })
    const decide = estateDecider(db, settings)
    const analyse = createAnalyser(db, systemClock)
    const liveFrom = BEGINS_AT - WARM_UP_MS
    const historyFrom = liveFrom - historyDays * DAY_MS
    const end = BEGINS_AT + hours * HOUR_MS
    let written = 0

    function run(commands: Command[], at: number) {
      for (const outcome of decide({ commands, at }).outcomes)
        if ('fault' in outcome) throw new Error(outcome.fault.message)
    }
    function send(from: number, to: number, intervalSeconds: number) {
      const pace = estate.pace(intervalSeconds)
      const partitions = new Map<string, { kind: ResourceKind; hour: number; samples: SampleMessage[] }>()
      createRounds(estate.plan.resources, pace).due(from, to, (resource, at) => {
        const sample = estate.sample(resource, at, pace)
        if (!sample) return
        const hour = Math.floor(at / HOUR_MS) * HOUR_MS
        const name = `${resource.kind} ${hour}`
        const known = partitions.get(name)
        if (known) known.samples.push(sample)
        else partitions.set(name, { kind: resource.kind, hour, samples: [sample] })
      })
      const commands = [...partitions.values()].map(({ kind, hour, samples }): Command => {
        const key = keyOf({ kind, hour, writtenAt: to, run: 'score', number: ++written })
        const text = samples.map(sample => JSON.stringify({ received_at: to, sample })).join('\n')
        const body = gzipSync(`${text}\n`, { level: 1 }).toString('base64')
        return { kind: 'take_object', input: { key, body } }
      })
      run(commands, to)
    }

    for (let at = historyFrom; at < liveFrom; at += HOUR_MS) {
      send(at, at + HOUR_MS, HISTORY_SECONDS)
      onProgress((at - historyFrom) / (end - historyFrom))
    }
    const took: number[] = []
    for (let now = liveFrom + TICK_MS; now <= end; now += TICK_MS) {
      send(now - TICK_MS, now, TICK_MS / 1000)
      const { found, tookMs } = analyse({ now, since: now - TICK_MS })
      took.push(tookMs)
      run([{ kind: 'record_anomalies', input: { found } }], now)
      if (now % HOUR_MS === 0) onProgress((now - historyFrom) / (end - historyFrom))
    }

    const faults = estate.faults
      .between(BEGINS_AT - HOUR_MS, end)
      .map(fault => noticeOf(fault, fault.endedAt <= end))
    const services = new Map(
      estate.plan.resources.map(one => [one.name, one.kind === 'server' ? null : one.service.name]),
    )
    const judging = {
      faults,
      detected: db.$client
        .prepare(
          'SELECT *, detected_at AS detectedAt FROM estate_anomalies WHERE detected_at >= ? ORDER BY id',
        )
        .all(BEGINS_AT) as (Detected & AnomalyFound)[],
      isSampled: () => true,
      placeOf: (resource: string) => ({ service: services.get(resource) ?? null }),
      from: BEGINS_AT,
      now: end,
    }
    return {
      score: scoreOf(judging),
      falseAlarms: judging.detected.filter(one => scoreOf({ ...judging, detected: [one] }).false_alarms > 0),
      missed: faults.filter(fault => {
        const { faults: counted, found } = scoreOf({ ...judging, faults: [fault] })
        return counted > found
      }),
      rounds: {
        count: took.length,
        meanMs: took.reduce((sum, ms) => sum + ms, 0) / took.length,
        maxMs: Math.max(...took),
      },
    }
  } finally {
    db.$client.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
