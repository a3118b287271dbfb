/** The kinds of panel that the dashboards are made of. Each call makes a new one: the SDK's builders share state. */
import { PanelBuilder as BarsBuilder } from '@grafana/grafana-foundation-sdk/barchart'
import {
  BigValueColorMode,
  BigValueGraphMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LogsSortOrder,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  VisibilityMode,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder as LogsBuilder } from '@grafana/grafana-foundation-sdk/logs'
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as TimelineBuilder } from '@grafana/grafana-foundation-sdk/statetimeline'
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table'
import { PanelBuilder as TextBuilder, TextMode } from '@grafana/grafana-foundation-sdk/text'
import { PanelBuilder as GraphBuilder } from '@grafana/grafana-foundation-sdk/timeseries'
import { type Colour, colour, type Step, steps } from './colours.ts'
import {
  type About,
  colourByName,
  colourByThreshold,
  fixedColour,
  legendFor,
  panelOf,
  sharedTooltip,
  thresholds,
} from './panel.ts'

interface Graph extends About {
  /** Values at which a line is drawn across. */
  limits?: readonly Step[]
  /** The series that are drawn as dashed lines: a regular expression for their names, with its slashes. */
  dashed?: { matching: string; colour: Colour }
  isStacked?: boolean
  /** The lowest value of the axis; 0 when left out, so that heights can be compared. */
  min?: number
  /** The highest value of the axis; found from the data when left out. */
  max?: number
}

/** Series over time. */
export function graph({ limits, dashed, isStacked, min = 0, max, ...about }: Graph): Panel {
  const builder = new GraphBuilder()
    .legend(legendFor(about.queries))
    .tooltip(sharedTooltip())
    .colorScheme(colourByName())
    .lineWidth(2)
    .fillOpacity(isStacked ? 40 : 8)
    .showPoints(VisibilityMode.Auto)
    .min(min)
  if (max !== undefined) builder.axisSoftMax(max)
  if (isStacked) builder.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'))
  if (limits)
    builder
      .thresholds(thresholds(limits))
      .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed))
  if (dashed) builder.overrideByRegexp(dashed.matching, dashedLine(dashed.colour))
  // Loki answers for each step alone: steps of a second would be spikes.
  if (about.queries[0]?.language === 'logql') builder.interval('10s')
  return panelOf(builder, about)
}

const dashedLine = (fixedColor: Colour) => [
  { id: 'color', value: { mode: 'fixed', fixedColor } },
  { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 8] } },
  { id: 'custom.lineWidth', value: 1 },
  { id: 'custom.fillOpacity', value: 0 },
]

interface Figure extends About {
  /** From which value on which colour holds; grey when left out. */
  levels?: readonly Step[]
  /** Whether the way it went is drawn behind; its query must answer over time. */
  hasTrend?: boolean
}

/** One number. */
export function figure({ levels = steps(colour.neutral), hasTrend = false, ...about }: Figure): Panel {
  const builder = new StatBuilder()
    .colorMode(BigValueColorMode.Value)
    .graphMode(hasTrend ? BigValueGraphMode.Area : BigValueGraphMode.None)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false).fields(''))
    .colorScheme(colourByThreshold())
    .thresholds(thresholds(levels))
  return panelOf(builder, about)
}

/** Rows and columns. */
export const table = (about: About): Panel =>
  panelOf(new TableBuilder().colorScheme(fixedColour(colour.neutral)).filterable(true), about)

/** Bars side by side, one for each row of the answer. @param by the column that names a bar */
export const bars = ({ by, ...about }: About & { by: string }): Panel =>
  panelOf(
    new BarsBuilder()
      .xField(by)
      .orientation(VizOrientation.Horizontal)
      .stacking(StackingMode.Normal)
      .showValue(VisibilityMode.Always)
      .legend(legendFor(about.queries))
      .tooltip(sharedTooltip())
      .colorScheme(fixedColour(colour.neutral))
      .fillOpacity(70)
      .min(0),
    about,
  )

/** A band for each series, in the colours and words of the mappings. */
export const timeline = (about: About & { mappings: NonNullable<About['mappings']> }): Panel =>
  panelOf(
    new TimelineBuilder()
      .legend(legendFor([]))
      .tooltip(sharedTooltip())
      .colorScheme(fixedColour(colour.neutral))
      .showValue(VisibilityMode.Auto)
      .mergeValues(true)
      .fillOpacity(80),
    about,
  )

/** Log lines, newest first, each to be opened for its fields. */
export const logLines = (about: About): Panel =>
  panelOf(
    new LogsBuilder()
      .showTime(true)
      .wrapLogMessage(true)
      .enableLogDetails(true)
      .sortOrder(LogsSortOrder.Descending),
    about,
  )

/** Words. @param content Markdown */
export const text = ({ content, ...about }: Omit<About, 'queries'> & { content: string }): Panel =>
  panelOf(new TextBuilder().mode(TextMode.Markdown).content(content), { ...about, queries: [] })
