/** All that is out of order now, one anomaly a cause. A pure function of what was read and of what is open. */
import type { ResourceKind } from '../../machine/topics.ts'
import type { AnomalyFound } from '../commands.ts'
import { detectOnResource } from './detect-resource.ts'
import { detectRestarts } from './detect-restarts.ts'
import { detectSilence, GONE_MS } from './detect-silence.ts'
import { detectOnService } from './detect-versions.ts'
import { median, round2 } from './robust.ts'
import { sentenceOf } from './sentence.ts'
import { anomalyTypes, causeOf, type Symptom } from './symptom.ts'
import { sinceGap, type Watched } from './window.ts'

export interface Reading {
  watched: readonly Watched[]
  /** Those that were found before and have not ended, as they are kept: nothing else is remembered from round to round. */
  open: readonly AnomalyFound[]
  /** Unix ms. */
  now: number
  /** How far back samples were read. */
  windowMs: number
}

export interface Findings {
  /** All that last, those found before among them. */
  found: AnomalyFound[]
  /** Why little can be said; null: all is well with the samples. */
  problem: string | null
}

/** A cause that has no samples any more ends, but for those of a machine that is silent. */
export function findAnomalies({ watched, open, windowMs, ...reading }: Reading): Findings {
  // A clock that stepped back is behind most samples: then their time counts.
  const now = Math.max(reading.now, median(watched.map(({ resource }) => resource.lastAt)) || 0)
  const before = new Map(open.map(one => [one.cause, one]))
  const wasOpen = (cause: string) => before.has(cause)
  const of = (kind: ResourceKind) => watched.filter(({ resource }) => resource.kind === kind)
  const silences = (['server', 'container', 'service'] as const).map(kind =>
    detectSilence(of(kind), now, windowMs, name => wasOpen(causeOf({ kind, name }, 'silence'))),
  )
  const recent = watched.map(sinceGap)
  const symptoms = [
    ...recent.flatMap(one => ofResource(one, now, wasOpen)),
    ...ofServices(recent, wasOpen),
    ...silences.flatMap(silence => silence.symptoms),
  ]
  const found = new Map<string, AnomalyFound>()
  for (const symptom of symptoms) {
    const cause = causeOf(symptom.subject, symptom.metric)
    const told = tell(symptom, cause, before.get(cause), now)
    const known = found.get(cause)
    if (!known || strength(told) > strength(known)) found.set(cause, told)
  }
  for (const one of open)
    if (!found.has(one.cause) && stays(one, watched, silences, now)) found.set(one.cause, one)
  return {
    found: [...found.values()],
    problem: silences.find(({ problem }) => problem !== null)?.problem ?? null,
  }
}

function ofResource(one: Watched, now: number, wasOpen: (cause: string) => boolean): Symptom[] {
  const { kind, name } = one.resource
  const restarts = detectRestarts(one, now, wasOpen(causeOf({ kind, name }, 'restarts')))
  // What starts again and again has neither a usual processor nor a usual memory.
  if (restarts) return [restarts]
  return detectOnResource(one, metric => wasOpen(causeOf({ kind, name }, metric)))
}

function ofServices(watched: readonly Watched[], wasOpen: (cause: string) => boolean): Symptom[] {
  const services = new Map<string, { instances: Watched[]; containers: Watched[] }>()
  for (const one of watched) {
    const { kind, service } = one.resource
    if (service === null || kind === 'server') continue
    const known = services.get(service) ?? { instances: [], containers: [] }
    services.set(service, known)
    known[kind === 'service' ? 'instances' : 'containers'].push(one)
  }
  return [...services].flatMap(([name, { instances, containers }]) =>
    detectOnService(name, instances.length > 0 ? instances : containers, wasOpen),
  )
}

/** The threshold's names before those of comparisons. */
const strength = ({ type }: AnomalyFound) => -anomalyTypes.indexOf(type as (typeof anomalyTypes)[number])

/** What is open keeps its beginning, and the strongest name that it had. */
function tell(symptom: Symptom, cause: string, before: AnomalyFound | undefined, now: number): AnomalyFound {
  const { kind, name, version } = symptom.subject
  const startedAt = before?.startedAt ?? Math.min(now, symptom.since ?? now)
  const told: AnomalyFound = {
    cause,
    type: symptom.type,
    detector: symptom.detector,
    severity: symptom.severity,
    resourceKind: kind,
    resource: name,
    service: symptom.resource.service,
    region: symptom.resource.region,
    version: version ?? symptom.resource.version,
    resources: symptom.resources,
    value: round2(symptom.value),
    expected: symptom.expected === null ? null : round2(symptom.expected),
    sentence: sentenceOf({ ...symptom, since: startedAt }),
    startedAt,
  }
  if (!before || strength(told) >= strength(before)) return told
  const { type, detector, severity } = before
  const named = { ...symptom, type: type as Symptom['type'], since: startedAt }
  return { ...told, type, detector, severity, sentence: sentenceOf(named) }
}

/** Nothing was found of it now: it goes on where nothing was heard, and is over where samples are in order. */
function stays(
  one: AnomalyFound,
  watched: readonly Watched[],
  silences: readonly { isStreamSilent: boolean; problem: string | null }[],
  now: number,
): boolean {
  const kinds = ['server', 'container', 'service'] as const
  if (silences[kinds.indexOf(one.resourceKind)]?.problem) return true
  const it = watched.find(
    ({ resource }) => resource.name === one.resource && resource.kind === one.resourceKind,
  )
  if (!it) return false
  if (one.type === 'heartbeat_missing' || one.type === 'restart_loop') return false
  return it.series.at.length === 0 && now - it.resource.lastAt < GONE_MS
}
