/** A sample that changed between two scrapes. */
export interface MetricChange {
  series: string
  before: number
  after: number
}

function samples(text: string): Map<string, number> {
  const found = new Map<string, number>()
  for (const line of text.split('\n')) {
    if (!/^(license|http_requests)/.test(line) || line.includes('_bucket{')) continue
    const space = line.lastIndexOf(' ')
    found.set(line.slice(0, space), Number(line.slice(space + 1)))
  }
  return found
}

/** The samples of the license server that differ between two texts of /metrics; buckets are left out. */
export function metricChanges(before: string, after: string): MetricChange[] {
  const old = samples(before)
  return Array.from(samples(after), ([series, value]) => ({
    series,
    before: old.get(series) ?? 0,
    after: value,
  })).filter(change => change.before !== change.after)
}

const DIGITS_MAX = 9

/** Two samples of one series, rounded so far that their difference still shows, with two digits of it. */
export function samplesOf(before: number, after: number): [string, string] {
  const digits = 1 - Math.floor(Math.log10(Math.abs(after - before) || 1))
  const format = new Intl.NumberFormat('en', {
    maximumFractionDigits: Math.min(DIGITS_MAX, Math.max(0, digits)),
  })
  return [format.format(before), format.format(after)]
}

/** The text of /metrics, or null where it is not served here. */
export async function scrape(): Promise<string | null> {
  const response = await fetch('/metrics').catch(() => null)
  return response?.ok ? response.text() : null
}
