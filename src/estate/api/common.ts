/** What the replies of the estate share. Times are RFC 3339 UTC; shares are in percent; null: there is no data. */
import { z } from 'zod'

export const time = z.iso.datetime()
export const count = z.int().min(0)
/** Two decimals. */
export const percent = z.number().min(0).max(100).nullable()
export const ms = z.number().min(0).nullable()
export const perSecond = z.number().min(0).nullable()

const whole = (min: number, max: number, preset: number) =>
  z.coerce.number().int().min(min).max(max).default(preset)

/** How old the newest sample of a resource may be to count as now. */
export const minutes = whole(1, 1440, 30)
export const hours = (preset: number, max = 168) => whole(1, max, preset)
export const limit = (preset: number, max: number) => whole(1, max, preset)
export const offset = whole(0, 100_000, 0).meta({
  description: 'How many to skip; the header X-Total-Count says how many there are',
})

/** The width of a bucket. Left out: 5 minutes up to a day, 15 minutes up to two, an hour beyond. */
export const intervals = ['1min', '5min', '15min', '1hour'] as const
export type Interval = (typeof intervals)[number]
export const interval = z.enum(intervals).optional().meta({
  description:
    'Width of a bucket; left out: 5min up to 24 hours, 15min up to 48, 1hour beyond. 1min reaches back 48 hours, 5min and 15min 8 days; at most 2016 buckets',
})
export const trendQuery = z.object({ hours: hours(24), interval })

const text = z.string().min(1).max(64).optional()
export const region = text
export const environment = text
export const search = text.meta({ description: 'In its name' })
export const order = z.enum(['asc', 'desc']).default('desc')
