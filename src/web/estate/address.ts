/** What the address of the page says: which view, and how far back. */

export const views = ['overview', 'servers', 'services', 'containers', 'analytics'] as const
export type View = (typeof views)[number]

/** How far back, in hours. */
export const ranges = { '1h': 1, '6h': 6, '24h': 24, '7d': 168 } as const
export type Range = keyof typeof ranges

export interface Place {
  view: View
  range: Range
}

export const viewWords: Record<View, string> = {
  overview: 'Overview',
  servers: 'Servers',
  services: 'Services',
  containers: 'Containers',
  analytics: 'Analytics',
}

export const rangeWords: Record<Range, string> = {
  '1h': 'last hour',
  '6h': 'last 6 hours',
  '24h': 'last 24 hours',
  '7d': 'last 7 days',
}

const isRange = (text: string | null): text is Range => text !== null && Object.hasOwn(ranges, text)

/** Reads the query of an address. What it does not say, or says wrongly, is the overview of a day. */
export function placeOf(search: string): Place {
  const query = new URLSearchParams(search)
  const range = query.get('range')
  return {
    view: views.find(view => view === query.get('view')) ?? 'overview',
    range: isRange(range) ? range : '24h',
  }
}

/** The address of a view and a range. */
export const addressOf = ({ view, range }: Place): string => `/estate?view=${view}&range=${range}`
