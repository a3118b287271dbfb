/** Which labels the two shippers give a line: read from their files. */

export interface PromtailFile {
  clients: { backoff_config: { max_retries: number } }[]
  scrape_configs: {
    static_configs: { labels: Record<string, string> }[]
    pipeline_stages: {
      json?: { expressions: Record<string, string | null> }
      labels?: Record<string, string | null>
      labeldrop?: string[]
    }[]
  }[]
}

export interface Labels {
  /** A fixed value, or `field:NAME`: what that field of the line says. */
  labels: Record<string, string>
  dropped: string[]
}

/** @param names each with the field it is read from, or nothing: its own name */
const fields = (names: Record<string, string | null>) =>
  Object.fromEntries(Object.entries(names).map(([name, from]) => [name, `field:${from || name}`]))

const visible = (labels: Record<string, string>) =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => !name.startsWith('__')))

export function promtailLabels({ scrape_configs: [job] }: PromtailFile): Labels {
  const stages = job?.pipeline_stages ?? []
  return {
    labels: {
      ...visible(job?.static_configs[0]?.labels ?? {}),
      ...fields(stages.find(stage => stage.labels)?.labels ?? {}),
    },
    dropped: stages.flatMap(stage => stage.labeldrop ?? []),
  }
}

/** Of Alloy's language only what the file uses: `targets = [{…}]` and the maps and lists of stages. */
export function alloyLabels(text: string): Labels {
  const between = (pattern: RegExp) => pattern.exec(text)?.[1] ?? ''
  const pairs = (map: string) =>
    Object.fromEntries(
      [...map.matchAll(/(\w+)\s*=\s*"([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
    )
  return {
    labels: {
      ...visible(pairs(between(/targets\s*=\s*\[\{([^}]*)\}\]/))),
      ...fields(pairs(between(/stage\.labels\s*\{\s*values\s*=\s*\{([^}]*)\}/))),
    },
    dropped: [...between(/stage\.label_drop\s*\{\s*values\s*=\s*\[([^\]]*)\]/).matchAll(/"(\w+)"/g)].map(
      ([, name = '']) => name,
    ),
  }
}
