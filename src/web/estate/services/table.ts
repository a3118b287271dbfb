import { statusMark } from '../marks.ts'
import { plainTable, type SortedColumn } from '../table/plain.ts'
import { milliseconds, percent, short, whole } from '../words.ts'
import type { ServiceRow } from './joined.ts'

type NumberOf = {
  [Name in keyof ServiceRow]: ServiceRow[Name] extends number | null ? Name : never
}[keyof ServiceRow]

const number = (
  label: string,
  name: NumberOf,
  write: (value: number | null) => string,
): SortedColumn<ServiceRow> => ({
  label,
  sort: name,
  isNumber: true,
  by: row => row[name],
  cell: row => write(row[name]),
})

const hundredths = (value: number | null) => percent(value, 2)
const columns: SortedColumn<ServiceRow>[] = [
  { label: 'Service', sort: 'service', by: ({ service }) => service, cell: ({ service }) => service },
  {
    label: 'Now',
    sort: 'status',
    by: ({ status }) => status,
    cell: () => {
      const mark = statusMark()
      return { element: mark.element, update: ({ status }) => mark.update(status) }
    },
  },
  number('Instances', 'instances', whole),
  number('Available', 'availability', hundredths),
  number('Success', 'success', hundredths),
  number('Errors', 'errors', hundredths),
  number('Mean', 'mean', milliseconds),
  number('p50', 'p50', milliseconds),
  number('p95', 'p95', milliseconds),
  number('p99', 'p99', milliseconds),
  number('Requests', 'requests', short),
  number('Failed', 'failed', short),
]

/** Every service with all that is known of it. */
export const servicesTable = (parent: HTMLElement) =>
  plainTable<ServiceRow>(
    parent,
    'Table of services',
    ({ service }) => service,
    columns,
    'No service has reported in this time.',
    'p95',
  )
