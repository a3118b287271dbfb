/** What Grafana does with answers before a table or a bar shows them. */
import type { DataTransformerConfig } from '@grafana/grafana-foundation-sdk/dashboard'

/** One row for each set of labels, from the answers of all queries. @param names headings, in their order */
export const columns = (names: Record<string, string>): DataTransformerConfig[] => [
  { id: 'merge', options: {} },
  {
    id: 'organize',
    options: {
      excludeByName: { Time: true },
      indexByName: Object.fromEntries(Object.keys(names).map((name, index) => [name, index])),
      renameByName: names,
    },
  },
]

/** Columns from the JSON of log lines, beside the time of each. @param fields their headings by field */
export const logFields = (timeHeading: string, fields: Record<string, string>): DataTransformerConfig[] => [
  {
    id: 'extractFields',
    options: {
      source: 'Line',
      format: 'json',
      jsonPaths: Object.entries(fields).map(([path, alias]) => ({ path, alias })),
      replace: true,
      keepTime: true,
    },
  },
  {
    id: 'organize',
    options: { excludeByName: {}, indexByName: {}, renameByName: { Time: timeHeading } },
  },
]
