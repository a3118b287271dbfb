/** Reads the Prometheus text format as strictly as Prometheus does. */
export interface Sample {
  name: string
  labels: Record<string, string>
  value: number
}

export interface Exposition {
  samples: Sample[]
  types: Record<string, string>
  helps: Record<string, string>
  /** The value of one sample, by its exact labels; undefined: there is none. */
  value(name: string, labels?: Record<string, string>): number | undefined
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (nan|[+-]?inf|[+-]?[\d.]+(?:e[+-]?\d+)?)$/i
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(?:,|$)/gy

/** @throws Error that shows the line that does not parse */
export function parseExposition(text: string): Exposition {
  const samples: Sample[] = []
  const types: Record<string, string> = {}
  const helps: Record<string, string> = {}
  for (const line of text.split('\n')) {
    if (line === '') continue
    const meta = line.match(/^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.*)$/)
    if (meta) {
      const [, kind, name = '', rest = ''] = meta
      const table = kind === 'HELP' ? helps : types
      if (name in table) throw new Error(`second ${kind} line of ${name}`)
      table[name] = rest
      continue
    }
    const [whole, name = '', inner = '', value = ''] = line.match(SAMPLE) ?? []
    if (whole === undefined) throw new Error(`this is not a sample: ${line}`)
    const found = [...inner.matchAll(LABEL)]
    if (found.reduce((length, [match]) => length + match.length, 0) !== inner.length)
      throw new Error(`these are not labels: ${line}`)
    const labels = Object.fromEntries(found.map(([, label = '', content = '']) => [label, content]))
    samples.push({
      name,
      labels,
      value: /inf$/i.test(value) ? (value.startsWith('-') ? -Infinity : Infinity) : Number(value),
    })
  }
  return {
    samples,
    types,
    helps,
    value(name, labels = {}) {
      const wanted = Object.entries(labels)
      return samples.find(
        sample =>
          sample.name === name &&
          Object.keys(sample.labels).length === wanted.length &&
          wanted.every(([label, content]) => sample.labels[label] === content),
      )?.value
    },
  }
}
