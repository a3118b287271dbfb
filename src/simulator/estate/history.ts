/** What the estate would have said in the days before: the newest day first, in each day in order of time. */
import { FAULT_TOPIC } from '../../machine/topics.ts'
import { createBatches, type Message } from './batches.ts'
import type { Estate } from './estate.ts'
import { noticeOf } from './fault.ts'
import { DAY_MS } from './rhythm.ts'
import { createRounds } from './rounds.ts'

/** Between two samples of a resource, in seconds: in the newest days, and before. */
export const RECENT_SECONDS = 300
export const OLDER_SECONDS = 900

export interface Span {
  /** Unix ms; `until` belongs to it. */
  from: number
  until: number
}
export interface HistoryMessage extends Message {
  /** Since when, going back, all is sent with this message. Unix ms. */
  from: number
  /** Samples up to it, those of silent servers with them. */
  upTo: number
}

interface Day extends Span {
  seconds: number
}

/**
 * Days are those of UTC, so that a history that is told again, until the same time or another of that day, is made of
 * the same samples.
 */
export function daysOf({ from, until }: Span): Day[] {
  const days: Day[] = []
  const recent = Math.floor((until - DAY_MS) / DAY_MS) * DAY_MS
  for (let day = Math.floor(until / DAY_MS) * DAY_MS; day + DAY_MS > from; day -= DAY_MS) {
    const seconds = day >= recent ? RECENT_SECONDS : OLDER_SECONDS
    days.push({ from: Math.max(from, day - 1), until: Math.min(until, day + DAY_MS - 1), seconds })
  }
  return days.filter(day => day.until > day.from)
}

/** How many samples that is, those of silent servers with them. */
export function historySamples(estate: Estate, spans: readonly Span[]): number {
  let count = 0
  for (const day of daysOfAll(spans))
    createRounds(estate.plan.resources, estate.pace(day.seconds)).due(day.from, day.until, () => count++)
  return count
}

/** The newest first. */
const daysOfAll = (spans: readonly Span[]): Day[] =>
  spans.toSorted((a, b) => b.until - a.until).flatMap(daysOf)

/** Made as they are asked for. Each day begins with the faults of it that were over by `until`. */
export function* historyOf(estate: Estate, spans: readonly Span[]): Generator<HistoryMessage> {
  let upTo = 0
  const end = Math.max(...spans.map(({ until }) => until))
  for (const day of daysOfAll(spans)) {
    const told = (message: Message): HistoryMessage => ({ ...message, from: day.from, upTo })
    const begun = estate.faults.between(day.from + 1, day.until + 1)
    for (const fault of begun)
      if (fault.startedAt > day.from && fault.endedAt <= end)
        yield told({ topic: FAULT_TOPIC, payload: JSON.stringify(noticeOf(fault, true)), samples: 0 })
    const batches = createBatches()
    const pace = estate.pace(day.seconds)
    const rounds = createRounds(estate.plan.resources, pace)
    const full: Message[] = []
    // In short steps, so that what has become a message leaves before the next is made.
    for (let from = day.from; from < day.until; from += STEP_MS) {
      rounds.due(from, Math.min(from + STEP_MS, day.until), (resource, at) => {
        upTo++
        const sample = estate.sample(resource, at, pace)
        const message = sample && batches.add(resource.kind, sample)
        if (message) full.push(message)
      })
      for (const message of full.splice(0)) yield told(message)
    }
    for (const message of batches.flush()) yield told(message)
  }
}
const STEP_MS = 10_000
