/** What a viewer can choose at the top of a dashboard. */
import {
  CustomVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { eventNames } from '../observability/event-names.ts'
import { series } from '../telemetry.ts'
import { datasources } from './targets.ts'

const everything = { text: ['All'], value: ['$__all'], selected: true }

/** What Grafana's editor calls a query for the values of a label. */
const LABEL_VALUES = 1

/** The values of a label in the time that is looked at. A plus in the pattern for all would not survive a link. */
const labelValues = (name: string, label: string, selector: string) =>
  new QueryVariableBuilder(name)
    .datasource(datasources.promql)
    .query({ qryType: LABEL_VALUES, query: `label_values(${selector}, ${name})`, refId: name })
    .definition(`label_values(${selector}, ${name})`)
    .label(label)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current(everything)

export const toolVariable = () => labelValues('tool', 'Tool', series('licenses_total'))
export const modelVariable = () => labelValues('model', 'Model', series('fleet_vehicles'))
export const regionVariable = () => labelValues('region', 'Region', series('fleet_vehicles'))
export const estateRegionVariable = () => labelValues('region', 'Region', series('estate_servers_critical'))
export const serviceVariable = () => labelValues('service', 'Service', series('estate_error_rate_percent'))
export const versionVariable = () => labelValues('version', 'Version', series('app_build_info'))

const oneOf = (name: string, label: string, values: readonly string[]) =>
  new CustomVariableBuilder(name)
    .label(label)
    .values(values.join(','))
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current(everything)

export const levelVariable = () => oneOf('level', 'Level', ['debug', 'info', 'warn', 'error', 'fatal'])
export const eventVariable = () => oneOf('event', 'Event', eventNames)

const typed = (name: string, label: string, description: string) =>
  new TextBoxVariableBuilder(name)
    .label(label)
    .description(description)
    .defaultValue('')
    .current({ text: '', value: '', selected: true })

export const searchVariable = () =>
  typed('search', 'Text', 'Only lines with this text, in any case of letters')
export const requestIdVariable = () =>
  typed('request_id', 'Request id', 'Only the lines that one request caused')
