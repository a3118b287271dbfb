/** What every panel has: words, a size, queries, and links to where they lead. */
import {
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import {
  type DataTransformerConfig,
  FieldColorBuilder,
  FieldColorModeId,
  type Panel,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard'
import type { Colour, Step } from './colours.ts'
import type { Size } from './layout.ts'
import { exploreLink, type RunbookSection, refIdOf, runbookLink } from './links.ts'
import { datasources, type Query, target } from './targets.ts'

/** A unit of our own: Grafana has none for lines. */
export const LINES_PER_SECOND = 'suffix: lines/s'

export interface About {
  title: string
  /** What it shows, and why it may be empty. */
  description: string
  size: Size
  queries: readonly Query[]
  /** One of Grafana's units; `short` is a plain number. */
  unit?: string
  decimals?: number
  /** What is written when there is no value. */
  empty?: string
  /** The section of the runbook that says what to do about it. */
  runbook?: RunbookSection
  /** Series, or columns, that mean something fixed. */
  colours?: Record<string, Colour>
  /** What is written and coloured in the place of a value. */
  mappings?: ValueMapping[]
  /** What is done with the answers before they are shown. */
  transformations?: DataTransformerConfig[]
}

/** What the builders of all kinds of panel have in common. */
interface Builder {
  build(): Panel
  title(title: string): this
  description(description: string): this
  gridPos(place: { x: number; y: number; w: number; h: number }): this
  datasource(datasource: { type: string; uid: string }): this
  targets(targets: ReturnType<typeof target>[]): this
  links(links: ReturnType<typeof runbookLink>[]): this
  unit(unit: string): this
  decimals(decimals: number): this
  noValue(text: string): this
  mappings(mappings: ValueMapping[]): this
  transformations(transformations: DataTransformerConfig[]): this
  overrideByName(name: string, properties: { id: string; value: unknown }[]): this
}

/** Gives a builder all that the words about a panel say. Its place is found later. */
export function panelOf(builder: Builder, about: About): Panel {
  const { queries, size, unit = 'short', runbook = 'reading-the-dashboards' } = about
  const [w, h] = size
  builder
    .title(about.title)
    .description(about.description)
    .gridPos({ x: 0, y: 0, w, h })
    .links([...(queries.length > 0 ? [exploreLink(queries)] : []), runbookLink(runbook)])
    .unit(unit)
    .noValue(about.empty ?? 'no data')
  if (queries[0])
    builder
      .datasource(datasources[queries[0].language])
      .targets(queries.map((query, index) => target(query, refIdOf(index))))
  if (about.decimals !== undefined) builder.decimals(about.decimals)
  if (about.mappings) builder.mappings(about.mappings)
  if (about.transformations) builder.transformations(about.transformations)
  for (const [name, fixedColor] of Object.entries(about.colours ?? {}))
    builder.overrideByName(name, [{ id: 'color', value: { mode: 'fixed', fixedColor } }])
  return builder.build()
}

/** A legend below, where there is more than one series to tell apart. */
export const legendFor = (queries: readonly Query[]) =>
  new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .showLegend(queries.length > 1 || queries.some(({ legend }) => legend.includes('{{')))

/** All series at the pointer, the largest first. */
export const sharedTooltip = () =>
  new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending)

export const thresholds = (steps: readonly Step[]) =>
  new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(steps.map(({ from, colour }) => ({ value: from, color: colour })))

export const fixedColour = (colour: Colour) =>
  new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(colour)

/** A series keeps its colour on every panel that shows it. */
export const colourByName = () => new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName)

export const colourByThreshold = () => new FieldColorBuilder().mode(FieldColorModeId.Thresholds)
