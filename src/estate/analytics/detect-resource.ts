/** What is out of order on one resource, by its own samples: above a threshold, unusual for the hour, or drifting. */
import { type KOfN, standing, usualKOfN } from './k-of-n.ts'
import { median, noiseOf, spreadAround } from './robust.ts'
import type { Symptom } from './symptom.ts'
import { isAbove, type Threshold, thresholds } from './thresholds.ts'
import type { Metric, Watched } from './window.ts'

/** Beyond so many standard deviations of what is usual a sample is unusual. */
const SIGMAS = 5
/** Of a mean that is weighted towards the newest: it forgets half within two samples. */
const EWMA_SHARE = 0.3
/** Its standard deviation beside that of a sample. */
const EWMA_SIGMA = Math.sqrt(EWMA_SHARE / (2 - EWMA_SHARE))
/** Before, an EWMA is that of its first sample. */
const EWMA_SAMPLES_LEAST = 4
/** It must have risen over so many samples. */
const RISE_SAMPLES = 6

interface Watching {
  metric: 'cpu' | 'memory' | 'disk'
  threshold: Threshold | null
  /** A deviation of fewer points is nobody's concern, however regular the resource is; null: not compared. */
  unusualPoints: number | null
  unusualType: Symptom['type']
  /** The same for the drift of its mean. */
  driftPoints: number | null
  driftType: Symptom['type']
}

const watching: readonly Watching[] = [
  {
    metric: 'cpu',
    threshold: thresholds.cpu,
    unusualPoints: 25,
    unusualType: 'cpu_unusual',
    driftPoints: null,
    driftType: 'cpu_unusual',
  },
  {
    metric: 'memory',
    threshold: thresholds.memory,
    unusualPoints: 15,
    unusualType: 'memory_unusual',
    driftPoints: 6,
    driftType: 'memory_drift',
  },
  {
    metric: 'disk',
    threshold: null,
    unusualPoints: null,
    unusualType: 'disk_filling',
    driftPoints: 3,
    driftType: 'disk_filling',
  },
]

/** @param wasOpen whether the cause `{kind}:{name}:{metric}` is open */
export function detectOnResource(
  watched: Watched,
  wasOpen: (metric: Metric) => boolean,
  rule: KOfN = usualKOfN,
): Symptom[] {
  return watching.flatMap(watch => {
    const symptom = judge(watched, watch, wasOpen(watch.metric), rule)
    return symptom ? [symptom] : []
  })
}

function judge(watched: Watched, watch: Watching, wasOpen: boolean, rule: KOfN): Symptom | null {
  const { metric, threshold } = watch
  const known = knownOf(watched, metric)
  if (known.values.length === 0) return null
  const { at, values } = known
  const expected = expectedOf(watched, metric, at, values)
  const above = values.map(value => threshold !== null && isAbove(value, threshold))
  const unusual = unusualOf(values, expected, watch.unusualPoints)
  const drifting = driftOf(values, expected, watch.driftPoints)
  const out = values.map((_, i) => above[i] || unusual[i] || drifting[i] || false)
  const { isOpen, since } = standing(out, wasOpen, rule)
  if (!isOpen) return null
  const fires = (one: boolean[]) => standing(one, false, rule).isOpen
  // Of the newest sample out of order: one that ends is told of as it was.
  const newest = out.lastIndexOf(true)
  const last = newest < 0 ? values.length - 1 : newest
  const named: Pick<Symptom, 'type' | 'detector' | 'severity'> =
    threshold !== null && fires(above)
      ? { type: threshold.type, detector: 'threshold', severity: threshold.severity }
      : fires(drifting) && !fires(unusual)
        ? { type: watch.driftType, detector: 'ewma', severity: 'high' }
        : { type: watch.unusualType, detector: 'hour_of_week', severity: 'high' }
  const usual = expected[last]?.center
  return {
    ...named,
    subject: { kind: watched.resource.kind, name: watched.resource.name },
    resource: watched.resource,
    metric,
    value: values[last] as number,
    expected: usual === undefined || Number.isNaN(usual) ? null : usual,
    resources: 1,
    since: since === null ? null : (at[since] as number),
  }
}

type Expected = { center: number; spread: number } | null

function knownOf({ series }: Watched, metric: Metric): { at: number[]; values: number[] } {
  const all = series[metric]
  if (!all.some(Number.isNaN)) return { at: series.at, values: all }
  const kept = all.flatMap((value, i) => (Number.isNaN(value) ? [] : [i]))
  return { at: kept.map(i => series.at[i] as number), values: kept.map(i => all[i] as number) }
}

/** A disk fills and is cleaned in its own rhythm: it is compared with its last hours. The others with their week. */
function expectedOf(
  { baseline }: Watched,
  metric: Metric,
  at: readonly number[],
  values: readonly number[],
): Expected[] {
  if (metric !== 'disk') return at.map(time => baseline?.usual(metric, time) ?? null)
  const hours = (baseline?.lastHours(metric) ?? []).filter(value => !Number.isNaN(value)).slice(0, 3)
  const before = hours.length > 0 ? hours : values.slice(0, Math.ceil(values.length / 3))
  const center = median(before)
  return values.map(() => ({ center, spread: spreadAround(before, center) }))
}

function unusualOf(
  values: readonly number[],
  expected: readonly Expected[],
  least: number | null,
): boolean[] {
  const none = values.map(() => false)
  if (least === null) return none
  const isFar = values.map((value, i) => value - (expected[i]?.center ?? Number.NaN) > least)
  if (!isFar.includes(true)) return none
  const noise = noiseOf(values) || 0
  return isFar.map((far, i) => {
    const usual = expected[i]
    return far && !!usual && (values[i] as number) - usual.center > SIGMAS * Math.hypot(usual.spread, noise)
  })
}

function driftOf(values: readonly number[], expected: readonly Expected[], least: number | null): boolean[] {
  const none = values.map(() => false)
  if (least === null || values.length < EWMA_SAMPLES_LEAST) return none
  const means: number[] = []
  let mean = Number.NaN
  for (const [i, value] of values.entries()) {
    const distance = value - (expected[i]?.center ?? Number.NaN)
    mean = Number.isNaN(mean) ? distance : mean + EWMA_SHARE * (distance - mean)
    means.push(mean)
  }
  if (!means.some(one => one > least)) return none
  const noise = (noiseOf(values) || 0) * EWMA_SIGMA
  return means.map((one, i) => {
    if (i < EWMA_SAMPLES_LEAST - 1 || !(one > least)) return false
    const before = means[Math.max(0, i - RISE_SAMPLES)] as number
    const spread = expected[i]?.spread ?? 0
    return one > SIGMAS * Math.hypot(spread, noise) && one - before > least / 2
  })
}
