/** The left lane: what this server counts of its own borrows, from the release to the recovery. Free of I/O. */
import type { LaneShape, StepShape } from './api.ts'

export interface Decided {
  user: string
  failed: boolean
  /** Of the program that decided it. */
  version: string
}

export interface CloudLaneOptions {
  /** Unix ms. */
  startedAt: number
  release: { version: string; commit: string }
  /** Where it goes on, after a restart. */
  saved?: LaneShape
}

/** What the lane wants done next. */
export type Wish = 'roll_back' | null

export interface CloudLane {
  decided(decided: Decided, at: number): void
  /** An incident about borrows opened. */
  alerted(at: number, detail: string): void
  acknowledged(at: number, detail: string): void
  rolledBack(at: number, detail: string): void
  /** Once a second or more often. @param autopilot whether it rolls back by itself */
  tick(at: number, autopilot: boolean): Wish
  shape(at: number): LaneShape
  readonly done: boolean
  /** Whether a borrow has failed since the release. */
  readonly failing: boolean
}

const titles = {
  shipped: 'Release shipped',
  first_error: 'First failed borrow',
  alert: 'Alert: the error budget burns',
  acknowledged: 'Somebody looks',
  localised: 'Failures are of one version and commit',
  rolled_back: 'Rolled back',
  recovered: 'Recovered',
} as const
type StepName = keyof typeof titles

/** Fewer failures do not tell which version they are of. */
const FAILURES_TO_LOCALISE = 5
const SHARE_TO_LOCALISE = 0.95
/** What a person needs to read one line; the autopilot takes as long. */
const READ_MS = 5000
/** Recovered: so long without a failed borrow, and with so many good ones. */
const CLEAN_MS = 5000
const CLEAN_BORROWS = 5
const LASTS_MAX_MS = 600_000
const USERS_MAX = 20_000
const SERIES_MAX = 600

export function createCloudLane({ startedAt, release, saved }: CloudLaneOptions): CloudLane {
  const reached = new Map<StepName, { at: number; detail: string | null }>(
    (saved?.steps ?? []).flatMap(({ name, at_ms: at, detail }) =>
      at === null ? [] : [[name as StepName, { at, detail }]],
    ),
  )
  const series = [...(saved?.series ?? [])]
  const users = new Set<string>()
  const hit = new Set<string>()
  /** Who was counted before a restart. */
  const before = { hit: saved?.hit ?? 0, total: saved?.total ?? 0 }
  const failures = { ofRelease: 0, all: 0 }
  let second = { from: series.at(-1)?.at_ms ?? 0, total: 0, failed: 0 }
  let clean = { since: 0, borrows: 0 }
  let endedAt: number | null = saved?.done ? saved.elapsed_ms : null

  const since = (at: number) => Math.max(0, at - startedAt)
  function reach(name: StepName, at: number, detail: string | null = null) {
    if (!reached.has(name)) reached.set(name, { at: since(at), detail })
  }
  if (!saved) reach('shipped', startedAt, `${release.version} (${release.commit})`)

  function closeSeconds(at: number) {
    while (since(at) - second.from >= 1000 && series.length < SERIES_MAX) {
      const { from, total, failed } = second
      series.push({ at_ms: from + 1000, value: total === 0 ? null : failed / total })
      second = { from: from + 1000, total: 0, failed: 0 }
    }
  }

  const localisable = () =>
    failures.ofRelease >= FAILURES_TO_LOCALISE && failures.ofRelease >= failures.all * SHARE_TO_LOCALISE

  return {
    get done() {
      return endedAt !== null
    },
    get failing() {
      return reached.has('first_error')
    },
    decided({ user, failed, version }, at) {
      if (endedAt !== null) return
      closeSeconds(at)
      second.total++
      if (users.size < USERS_MAX) users.add(user)
      clean.borrows++
      if (!failed) return
      second.failed++
      clean = { since: at, borrows: 0 }
      if (hit.size < USERS_MAX) hit.add(user)
      failures.all++
      if (version === release.version) failures.ofRelease++
      reach('first_error', at)
    },
    alerted: (at, detail) => reach('alert', at, detail),
    acknowledged: (at, detail) => reach('acknowledged', at, detail),
    rolledBack(at, detail) {
      if (reached.has('rolled_back')) return
      reach('rolled_back', at, detail)
      clean = { since: at, borrows: 0 }
    },
    tick(at, autopilot) {
      if (endedAt !== null) return null
      closeSeconds(at)
      if (reached.has('alert') && localisable())
        reach(
          'localised',
          at,
          `${failures.ofRelease} of ${failures.all} failures say ${release.version} (${release.commit})`,
        )
      const isClean = at - clean.since >= CLEAN_MS && clean.borrows >= CLEAN_BORROWS
      if (reached.has('rolled_back') && isClean)
        reach('recovered', at, 'Five seconds without a failed borrow')
      if (reached.has('recovered') || since(at) >= LASTS_MAX_MS) endedAt = since(at)
      const localised = reached.get('localised')
      const hasRead = localised !== undefined && since(at) - localised.at >= READ_MS
      return autopilot && hasRead && !reached.has('rolled_back') ? 'roll_back' : null
    },
    shape(at) {
      const steps = Object.entries(titles).map(([name, title]): StepShape => {
        const step = reached.get(name as StepName)
        return { name, title, basis: 'live', at_ms: step?.at ?? null, detail: step?.detail ?? null }
      })
      return {
        title: 'The license server',
        clock: 'real',
        elapsed_ms: endedAt ?? since(at),
        done: endedAt !== null,
        steps,
        series: [...series],
        hit: Math.max(hit.size, before.hit),
        total: Math.max(users.size, before.total),
      }
    },
  }
}
