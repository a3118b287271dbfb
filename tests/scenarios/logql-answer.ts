/** The lines that a LogQL query of a scenario would find. Only what the scenarios ask; anything else throws. */
type Line = Record<string, unknown>

const SELECTOR = /\{job="license-server", event=(~?)"([a-z_|]+)"\} \| json((?: \| [a-z_]+ > \d+)*)/

/** @returns the lines that the selector and the filters of a query let through */
export function logqlAnswer(query: string, lines: readonly Line[]): Line[] {
  const [whole, , events = '', filters = ''] = query.match(SELECTOR) ?? []
  if (whole === undefined) throw new Error(`this is not known: ${query}`)
  const limits = [...filters.matchAll(/ \| ([a-z_]+) > (\d+)/g)]
  return lines.filter(
    line =>
      events.split('|').includes(String(line.event)) &&
      limits.every(([, field = '', limit]) => Number(line[field]) > Number(limit)),
  )
}
