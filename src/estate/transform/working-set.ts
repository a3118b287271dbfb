/** What one group of objects reads once and writes once, however many samples of the same resource are in it. */
import { type Received, receive } from '../../ingest/received.ts'
import type { ResourceKind } from '../../machine/topics.ts'
import { type Judged, nameOf, type SetAside, serviceOf } from './judge.ts'
import type { KnownResource, ResourceStore } from './resource-store.ts'
import { placeSample } from './restarts.ts'
import { bucketAt, HOUR_SPAN, UNKNOWN } from './rollup.ts'
import type { RollupStore } from './rollup-store.ts'
import { longestKeepMs, type TransformSettings } from './settings.ts'
import { createShares, SHARE_MAX } from './shares.ts'
import { addHour, type HourSums, intervalMs, noHour } from './sums.ts'
import { createSumsAtWork } from './sums-at-work.ts'

export const DAY_MS = 86_400_000

interface ResourceAtWork extends KnownResource {
  received: { day: number; boot: string; ranges: Received }[]
  hours: { hour: number; sums: HourSums }[]
  /** Newer than what is stored as its newest. */
  newest: Judged | null
  /** Its first sample is older than was known. */
  changed: boolean
  /** From here on, and before there, containers had this count of restarts. */
  steady: { from: number; to: number; count: number } | null
}

/** Written out: a copy of what the database handed out would be a slow object. */
const atWorkOf = (known: KnownResource): ResourceAtWork => ({
  id: known.id,
  region: known.region,
  environment: known.environment,
  service: known.service,
  version: known.version,
  isReal: known.isReal,
  intervalMs: known.intervalMs,
  firstAt: known.firstAt,
  lastAt: known.lastAt,
  received: [],
  hours: [],
  newest: null,
  changed: false,
  steady: null,
})

/** A resource is where, and what, its newest sample says. */
function follow(resource: ResourceAtWork, newest: Judged) {
  const { sample } = newest
  resource.region = sample.region ?? null
  resource.environment = sample.environment ?? null
  resource.service = serviceOf(newest)
  resource.version = sample.version ?? null
  resource.isReal = sample.real ? 1 : 0
  resource.intervalMs = intervalMs(sample)
}

export type WorkingSet = ReturnType<typeof createWorkingSet>

export function createWorkingSet(store: ResourceStore, rollups: RollupStore, settings: TransformSettings) {
  const { rawKeepMs, hourKeepMs, resourcesMax } = settings
  const sums = createSumsAtWork(rollups, settings)
  const shares = createShares(store, rollups)
  const resources: Record<ResourceKind, Map<string, ResourceAtWork>> = {
    server: new Map(),
    container: new Map(),
    service: new Map(),
  }
  let known: number | null = null

  /** null: there are too many already. */
  function resourceOf(judged: Judged): ResourceAtWork | null {
    const name = nameOf(judged)
    const ofKind = resources[judged.kind]
    const atWork = ofKind.get(name)
    if (atWork) return atWork
    let found = store.find(judged.kind, name)
    if (!found) {
      known ??= store.count()
      if (known >= resourcesMax) return null
      found = store.insert(judged.kind, name, judged.at)
      known++
    }
    const resource = atWorkOf(found)
    ofKind.set(name, resource)
    return resource
  }

  function isNew(resource: ResourceAtWork, { at, sample: { boot, seq } }: Judged): boolean {
    if (boot === undefined || seq === undefined) return store.addUnnumbered(at, resource.id)
    const day = bucketAt(at, DAY_MS)
    let of = resource.received.find(held => held.day === day && held.boot === boot)
    if (!of) {
      of = { day, boot, ranges: store.received(day, resource.id, boot) }
      resource.received.push(of)
    }
    return receive(of.ranges, seq)
  }

  function hourOf(resource: ResourceAtWork, at: number): HourSums {
    const hour = bucketAt(at, HOUR_SPAN)
    let of = resource.hours.find(held => held.hour === hour)
    if (!of) {
      of = { hour, sums: noHour() }
      resource.hours.push(of)
    }
    return of.sums
  }

  function countRestarts(resource: ResourceAtWork, { at, kind, sample }: Judged) {
    if (kind !== 'container' || sample.restart_count === undefined) return
    const { id, steady } = resource
    const count = sample.restart_count
    if (steady && at >= steady.from && at < steady.to && count === steady.count) return
    const before = store.lastRestart(id, at)
    const after = at > resource.lastAt ? undefined : store.nextRestart(id, at)
    const service = sample.service_name ?? UNKNOWN
    const steps = placeSample({ at, count, service }, before, after, resource.lastAt)
    const { at: from } = before ?? { at }
    resource.steady = steps ? null : { from, to: after?.at ?? Infinity, count }
    if (!steps) return
    if (steps.remove !== null) store.removeRestart(id, steps.remove)
    for (const change of steps.add) store.addRestart(id, change)
    for (const correction of steps.corrections) {
      sums.addRestarts(correction)
      hourOf(resource, correction.at).restarts += correction.restarts
    }
  }

  function remember(resource: ResourceAtWork, judged: Judged) {
    const { at } = judged
    if (at < resource.firstAt) {
      resource.firstAt = at
      resource.changed = true
    }
    if (at <= resource.lastAt) return
    resource.lastAt = at
    resource.newest = judged
  }

  function save(resource: ResourceAtWork, now: number) {
    const { id, received, hours, newest, changed } = resource
    const oldestDay = bucketAt(now - longestKeepMs(settings), DAY_MS)
    for (const { day, boot, ranges } of received)
      if (day >= oldestDay) store.saveReceived(day, id, boot, ranges)
    for (const { hour, sums } of hours) if (hour >= now - hourKeepMs) rollups.addHour(hour, id, sums)
    if (newest) {
      follow(resource, newest)
      store.setNow(id, newest)
    }
    if (newest || changed) store.update(resource)
  }

  function drop() {
    for (const kind in resources) resources[kind as ResourceKind].clear()
    shares.drop()
    sums.drop()
    known = null
  }

  return {
    /** Counts a sample. @param now of the transaction, Unix ms */
    add(judged: Judged, now: number): 'new' | 'duplicate' | SetAside {
      const rawFrom = now - rawKeepMs
      const resource = resourceOf(judged)
      if (!resource) return { dead: 'estate_full', detail: `there are ${resourcesMax} resources already` }
      if (!isNew(resource, judged)) return 'duplicate'
      if (!shares.take(resource.id, judged, rawFrom))
        return { dead: 'over_share', detail: `more than ${SHARE_MAX} samples in a minute of its time` }
      if (judged.at >= rawFrom) store.addSample(resource.id, judged)
      addHour(hourOf(resource, judged.at), judged)
      sums.add(judged)
      countRestarts(resource, judged)
      remember(resource, judged)
      return 'new'
    },
    /** Writes what changed; others may read and write the tables then. */
    flush(now: number) {
      for (const kind in resources)
        for (const resource of resources[kind as ResourceKind].values()) save(resource, now)
      sums.flush(now)
      drop()
    },
    /** Forgets what was not written: its transaction was rolled back. */
    drop,
  }
}
