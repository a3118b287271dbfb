/** How a forecast was made, in words that claim no more than was measured. */
import type { ForecastMetric } from '../requests.ts'
import { percent } from '../words.ts'

export const metricWords: Record<ForecastMetric['metric'], string> = {
  cpu: 'CPU',
  memory: 'Memory',
  disk: 'Disk',
}

const points = (value: number | null) =>
  value === null ? 'not known' : `${value.toLocaleString('en', { maximumFractionDigits: 2 })} points`

/** `Seasonal method`, or that it fell back, or that there is none. */
export function methodWords({ method }: Pick<ForecastMetric, 'method'>): string {
  if (method === 'seasonal') return 'Seasonal method'
  return method === 'seasonal_naive' ? 'Fallback: the same as a season ago' : 'No forecast'
}

/** The back-test, or that there was none. */
export function backtestWords({ backtest }: Pick<ForecastMetric, 'backtest'>): string {
  if (backtest === null) return 'It could not be tested on the past: too little of it is known.'
  const { hours, seasonal_mae, naive_mae, coverage_percent } = backtest
  const covered =
    coverage_percent === null
      ? ''
      : ` ${percent(coverage_percent)} of what came was within the band, which aims at 80 %.`
  return `Tested on the last ${hours} hours, kept from it: mean error ${points(seasonal_mae)}, against ${points(naive_mae)} of repeating the past.${covered}`
}
