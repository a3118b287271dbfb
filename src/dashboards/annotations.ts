/** What happened, marked on every graph. */
import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { series } from '../telemetry.ts'
import { type Colour, colour } from './colours.ts'
import { alerts, events } from './expressions.ts'
import { datasources, lines, over, type Query, target } from './targets.ts'

interface Mark {
  name: string
  query: Query
  colour: Colour
  /** What is read at the mark; `{{label}}` is replaced. */
  title: string
  text: string
  /** Whether the value, in milliseconds, is the time of the mark. */
  isTime?: boolean
}

const marks: Mark[] = [
  {
    name: 'Deployments',
    query: lines(events('release_shipped', 'release_rolled_back')),
    colour: colour.commit,
    title: '{{event}} {{to_version}}',
    text: 'Commit {{to_commit}}; before: {{from_version}}',
  },
  {
    name: 'Incidents',
    query: lines(
      events(
        'incident_opened',
        'incident_detected',
        'incident_acknowledged',
        'incident_mitigated',
        'incident_resolved',
      ),
    ),
    colour: colour.bad,
    title: '{{event}}',
    text: '{{subject}} {{severity}}',
  },
  {
    name: 'Campaigns',
    query: lines(
      events(
        'campaign_started',
        'campaign_paused',
        'campaign_resumed',
        'campaign_aborted',
        'campaign_finished',
      ),
    ),
    colour: colour.good,
    title: '{{event}}',
    text: '{{name}}',
  },
  {
    name: 'Faults',
    query: lines(events('fault_started', 'fault_stopped')),
    colour: colour.overage,
    title: '{{event}}',
    text: '{{fault}}',
  },
  {
    name: 'Alerts firing',
    query: over(`max by (alertname, severity) (${alerts('firing')})`, ''),
    colour: colour.special,
    title: '{{alertname}}',
    text: 'Severity: {{severity}}',
  },
  {
    name: 'Process restarts',
    query: over(`${series('process_start_time_seconds')} * 1000`, ''),
    colour: colour.neutral,
    title: 'Process started',
    text: '{{instance}}',
    isTime: true,
  },
]

/** The marks of all dashboards. The query is given twice, since Grafana's two ways of asking read it in two places. */
export const annotations = () =>
  marks.map(({ name, query, colour, title, text, isTime }) => {
    const builder = new AnnotationQueryBuilder()
      .name(name)
      .datasource(datasources[query.language])
      .enable(true)
      .hide(false)
      .iconColor(colour)
      .expr(query.expr)
      .target(target(query, 'Anno'))
      .titleFormat(title)
      .textFormat(text)
    if (query.language === 'promql') builder.step('10s').useValueForTime(isTime ?? false)
    return builder
  })
