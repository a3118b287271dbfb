/** What a soak prints at its end: figures, trends, and what held. */
import { mean } from 'simple-statistics'
import type { Check } from './files.ts'
import type { Plan } from './plan.ts'
import type { Sample } from './samples.ts'
import { lowerEnvelope, type Slope, slopeOf, type Verdict, verdictOf } from './trend.ts'

/** What must not grow, and how much of it an hour is still taken for noise. */
export const bounds = {
  rss: { title: 'resident memory, MB', perHour: 60 },
  anonymous: { title: '  of it anonymous, MB', perHour: 60 },
  heap: { title: 'heap used (main thread), MB', perHour: 30 },
  external: { title: 'external, MB', perHour: 15 },
  descriptors: { title: 'open file descriptors', perHour: 20 },
  threads: { title: 'threads', perHour: 2 },
  handles: { title: 'active handles', perHour: 20 },
  resources: { title: 'active resources (with timers)', perHour: 60 },
} as const satisfies Partial<Record<keyof Sample, { title: string; perHour: number }>>
export type Judged = keyof typeof bounds

export interface Trend {
  of: Judged
  slope: Slope | null
  verdict: Verdict
  /** Of the lower envelope. */
  first: number
  last: number
  least: number
  most: number
}

/** In shorter windows there is not always a collection of garbage, and a young process still grows. */
const WINDOW_MIN = 30

/** Of the last process, after its warm-up. */
export function trendsOf(samples: readonly Sample[], { warmUp, window }: Plan): Trend[] {
  const life = samples.at(-1)?.life
  const own = samples.filter(sample => sample.life === life)
  const from = (own[0]?.at ?? 0) + warmUp
  const judged = own.filter(({ at }) => at >= from)
  return (Object.keys(bounds) as Judged[]).map(of => {
    const values = judged.map(sample => sample[of]).filter(Number.isFinite)
    const envelope = lowerEnvelope(
      judged.map(sample => ({ at: sample.at, value: sample[of] })),
      window,
    )
    const slope = slopeOf(envelope)
    return {
      of,
      slope,
      verdict: window < WINDOW_MIN ? 'not judged' : verdictOf(slope, bounds[of].perHour),
      first: envelope[0]?.value ?? Number.NaN,
      last: envelope.at(-1)?.value ?? Number.NaN,
      least: values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
      most: values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
    }
  })
}

const figure = (value: number, width = 9) => (Number.isFinite(value) ? value.toFixed(1) : '–').padStart(width)

/** One line a figure: its envelope at both ends, its slope with the spread, its bound. */
export function trendLines(trends: readonly Trend[]): string[] {
  const head = `${''.padEnd(32)}    least     most | envelope: first  last | an hour  (95 %: from … to)  least squares   bound`
  return [
    head,
    ...trends.map(({ of, slope, verdict, first, last, least, most }) => {
      const { title, perHour } = bounds[of]
      const spread = slope
        ? `${figure(slope.perHour, 8)}  (${figure(slope.low, 7)} … ${figure(slope.high, 7)}) ${figure(slope.leastSquares, 14)}`
        : 'too few points'.padEnd(46)
      return `${title.padEnd(32)}${figure(least)}${figure(most)} |${figure(first, 12)}${figure(last, 9)} |${spread} ${figure(perHour, 7)}  ${verdict === 'rises' ? 'FAILED: it rises' : verdict}`
    }),
  ]
}

/** Those that could be judged. */
export const trendChecks = (trends: readonly Trend[]): Check[] =>
  trends
    .filter(({ verdict }) => verdict !== 'not judged')
    .map(({ of, verdict, slope }) => ({
      rule: `flat: ${bounds[of].title.trim()}`,
      problems:
        verdict === 'rises'
          ? [`at least ${slope?.low.toFixed(1)} an hour, the bound is ${bounds[of].perHour}`]
          : [],
    }))

const SHOWN = 8

/** `ok` or FAILED, and what is wrong. */
export const checkLines = (checks: readonly Check[]): string[] =>
  checks.flatMap(({ rule, problems }) => [
    `${problems.length === 0 ? 'ok    ' : 'FAILED'}  ${rule}`,
    ...problems.slice(0, SHOWN).map(problem => `          ${problem.slice(0, 400)}`),
    ...(problems.length > SHOWN ? [`          and ${problems.length - SHOWN} more`] : []),
  ])

/** The same rule checked at several times is one: with the problems of all, each named by when it was seen. */
export function merged(checks: readonly (Check & { when: string })[]): Check[] {
  const rules = new Map<string, string[]>()
  for (const { rule, problems, when } of checks) {
    const all = rules.get(rule) ?? []
    all.push(...problems.map(problem => `${when}: ${problem}`))
    rules.set(rule, all)
  }
  return [...rules].map(([rule, problems]) => ({ rule, problems }))
}

/** What is left of a server that everybody has left. */
export const restLine = (sample: Sample | undefined): string =>
  sample
    ? `at rest, when all had left: RSS ${sample.rss.toFixed(0)} MB, heap ${sample.heap.toFixed(0)} MB, ${sample.descriptors} descriptors, ${sample.handles} handles, ${sample.streams} streams, ${sample.sockets} WebSockets`
    : 'at rest: no sample'

export const lagLine = (samples: readonly Sample[]): string => {
  const lags = samples.map(({ lagMax }) => lagMax).filter(Number.isFinite)
  return lags.length === 0
    ? 'event loop: no sample'
    : `event loop, longest hold-up of each second: mean ${mean(lags).toFixed(0)} ms, longest ${Math.max(...lags).toFixed(0)} ms`
}
