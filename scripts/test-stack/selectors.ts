import { parser } from '@prometheus-io/lezer-promql'

/** Every selector of series in a PromQL expression, without its window. */
export function selectorsOf(expr: string): string[] {
  const found = new Set<string>()
  parser.parse(expr).iterate({
    enter({ name, from, to }) {
      if (name === 'VectorSelector') found.add(expr.slice(from, to))
    },
  })
  return [...found]
}
