/** Grafana's dashboards: the only door of this room, with `queries.ts` for those who ask what they ask. */
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { estate } from './estate.ts'
import { fleet } from './fleet.ts'
import { licenseOperations } from './license-operations.ts'
import { logs } from './logs.ts'
import { releasesIncidents } from './releases-incidents.ts'
import { serviceSlo } from './service-slo.ts'

/** All dashboards; each is kept in a file named after its uid. */
export const dashboards = [licenseOperations, serviceSlo, releasesIncidents, fleet, estate, logs]

/** The name and the text of a dashboard's file: the same bytes for the same dashboard. */
export const fileOf = (dashboard: Dashboard): [name: string, text: string] => [
  `${dashboard.uid}.json`,
  `${shortListsOnOneLine(JSON.stringify(dashboard, null, 2))}\n`,
]

/** As the formatter of this repository wants it. A line break in JSON is never inside a text. */
const shortListsOnOneLine = (json: string) =>
  json.replaceAll(
    /\[\n\s+([^[\]{}]+?)\n\s+\]/g,
    (_, items: string) => `[${items.replaceAll(/,\n\s+/g, ', ')}]`,
  )

export { COLUMNS } from './layout.ts'
