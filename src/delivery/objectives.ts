/**
 * What the license server promises, and how fast its error budget may burn. Everything that judges it, in
 * Prometheus, in dashboards and in the program, is made from this declaration. Pure.
 */

/** A promise about borrows: at most `1 − target` of the requests may be bad. */
export type Objective = {
  name: string
  title: string
  /** The share of good requests, 0–1. */
  target: number
  /** What bad means, in words. */
  bad: string
  /** The alert that calls somebody when its budget burns. */
  alert: string
} & (
  | { by: 'failure' /** Failure reasons that are our fault. */; reasons: readonly string[] }
  | {
      by: 'latency' /** The slowest a good request may be; one of the histogram's bounds. */
      seconds: number
    }
)

export const objectives = [
  {
    name: 'borrow-availability',
    title: 'Borrow availability',
    target: 0.995,
    bad: 'a borrow that failed through our fault; a denial for lack of seats is an answer, not a failure',
    alert: 'BorrowAvailabilityBurn',
    by: 'failure',
    reasons: ['error'],
  },
  {
    name: 'borrow-latency',
    title: 'Borrow latency',
    target: 0.99,
    bad: 'a borrow that took longer than 250 ms to be decided',
    alert: 'BorrowLatencyBurn',
    by: 'latency',
    seconds: 0.25,
  },
] as const satisfies readonly Objective[]

/** One pair of windows: it burns when both do. Lengths in seconds. */
export interface BurnWindow {
  long: number
  short: number
  /** The share of the period's budget that is gone when the long window is full, 0–1. */
  budgetShare: number
}

/** A way of looking at the budget: how long a period lasts, and which burns call somebody. */
export interface BurnPolicy {
  periodSeconds: number
  page: readonly BurnWindow[]
  ticket: readonly BurnWindow[]
}

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Thirty days, with the windows of the SRE workbook (chapter 5, "Alerting on SLOs"). */
export const realTime: BurnPolicy = {
  periodSeconds: 30 * DAY,
  page: [
    { long: HOUR, short: 5 * MINUTE, budgetShare: 0.02 },
    { long: 6 * HOUR, short: 30 * MINUTE, budgetShare: 0.05 },
  ],
  ticket: [
    { long: DAY, short: 2 * HOUR, budgetShare: 0.1 },
    { long: 3 * DAY, short: 6 * HOUR, budgetShare: 0.1 },
  ],
}

/** The same rule where an hour stands for thirty days, so that a burn shows within a talk. */
export const demoTime = {
  periodSeconds: HOUR,
  page: [{ long: 2 * MINUTE, short: 30, budgetShare: 0.2 }],
  ticket: [{ long: 5 * MINUTE, short: MINUTE, budgetShare: 0.25 }],
} as const satisfies BurnPolicy

/** How many times faster than allowed the budget burns when the window calls: share × period ÷ long window. */
export const factorOf = ({ budgetShare, long }: BurnWindow, { periodSeconds }: BurnPolicy): number =>
  exact((budgetShare * periodSeconds) / long)

/** The share of requests that may be bad: 1 − 0.995 is 0.005, without the dust of binary fractions. */
export const budgetOf = ({ target }: Pick<Objective, 'target'>): number => exact(1 - target)

/** Every window length that a policy looks at, in seconds, shortest first. */
export const windowsOf = ({ page, ticket }: BurnPolicy): number[] => [
  ...new Set([...page, ...ticket].flatMap(({ long, short }) => [short, long]).sort((a, b) => a - b)),
]

/** A length as Prometheus writes it. @param seconds whole */
export function durationOf(seconds: number): string {
  if (seconds % DAY === 0) return `${seconds / DAY}d`
  if (seconds % HOUR === 0) return `${seconds / HOUR}h`
  if (seconds % MINUTE === 0) return `${seconds / MINUTE}m`
  return `${seconds}s`
}

const exact = (value: number): number => Number(value.toPrecision(12))
