/** The axes of a chart: local time below, values at left. */
import type uPlot from 'uplot'
import type { Value } from '../series.ts'
import { colour } from './theme.ts'

const DAY = 86_400
const FONT = '12px system-ui, sans-serif'
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const day = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric' })

/** `14:05`; a day where one begins, or where whole days are apart. */
export function tickWords(seconds: number, distance: number): string {
  const date = new Date(seconds * 1000)
  const isMidnight = date.getHours() === 0 && date.getMinutes() === 0
  return distance >= DAY || isMidnight ? day.format(date) : clock.format(date)
}

const common = {
  font: FONT,
  stroke: () => colour('muted'),
  ticks: { show: false },
} satisfies uPlot.Axis

/** @param write puts a value and its unit into words */
export const axes = (write: (value: Value) => string): uPlot.Axis[] => [
  {
    ...common,
    grid: { show: false },
    size: 30,
    space: 64,
    values: (_, splits, _axis, _space, distance) => splits.map(split => tickWords(split, distance)),
  },
  {
    ...common,
    grid: { stroke: () => colour('line'), width: 1 },
    size: 62,
    space: 38,
    values: (_, splits) => splits.map(value => write(value)),
  },
]
