/** A dashboard from rows of panels. */
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type Panel,
  RowBuilder,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { annotations } from './annotations.ts'
import { arrange } from './layout.ts'
import { dashboardsMenu, TAG } from './links.ts'
import { normalise } from './normalise.ts'

export interface Row {
  title: string
  panels: Panel[]
}

export interface Board {
  /** Also the name of its file. */
  uid: string
  title: string
  description: string
  /** How far back it looks, as Prometheus writes lengths. */
  past: string
  variables: { build(): VariableModel }[]
  rows: Row[]
}

/** The dashboard as Grafana reads it. */
export function boardOf({ uid, title, description, past, variables, rows }: Board): Dashboard {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([TAG])
    .refresh('5s')
    .time({ from: `now-${past}`, to: 'now' })
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .link(dashboardsMenu())
    .annotations(annotations())
    .variables(variables)
  return normalise({ ...builder.build(), panels: placed(rows) })
}

/** Titles and panels in reading order. A title holds no panels, or Grafana would fold them away. */
function placed(rows: readonly Row[]): NonNullable<Dashboard['panels']> {
  const places = arrange(rows.map(({ panels }) => panels.map(sizeOf)))
  return rows.flatMap(({ title, panels }, row) => {
    const place = places[row]
    if (!place) return []
    return [
      new RowBuilder(title).collapsed(false).gridPos(place.title).build(),
      ...panels.map((panel, index) => ({ ...panel, gridPos: place.panels[index] ?? panel.gridPos })),
    ]
  }) as NonNullable<Dashboard['panels']>
}

const sizeOf = ({ gridPos }: Panel) => [gridPos?.w ?? 0, gridPos?.h ?? 0] as const
