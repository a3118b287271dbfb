import { h, setText } from '../../dom.ts'
import type { Row } from '../../keyed-list.ts'
import { serverNow } from '../../server-clock.ts'
import { environments } from '../environments.ts'
import { realMark, statusMark } from '../marks.ts'
import { ask, type Container } from '../requests.ts'
import type { Column } from '../table/rows.ts'
import { serverTable } from '../table/table.ts'
import { ago, counted, milliseconds, percent, perSecond, whole } from '../words.ts'

function nameCell(): Row<Container> {
  const name = h('span')
  const mark = realMark()
  return {
    element: h('span', { class: 'named' }, name, mark),
    update({ container_id, real }) {
      setText(name, container_id)
      mark.hidden = !real
    },
  }
}

function healthCell(): Row<Container> {
  const mark = statusMark()
  return { element: mark.element, update: ({ health }) => mark.update(health) }
}

const columns: Column<Container>[] = [
  { label: 'Container', sort: 'container_id', cell: nameCell },
  { label: 'Health', sort: 'health', cell: healthCell },
  { label: 'Service', sort: 'service_name', cell: ({ service_name }) => service_name ?? '–' },
  { label: 'Version', cell: ({ version }) => version ?? '–' },
  { label: 'CPU', sort: 'cpu_percent', isNumber: true, cell: ({ cpu_percent }) => percent(cpu_percent, 1) },
  {
    label: 'Memory',
    sort: 'memory_utilization',
    isNumber: true,
    cell: ({ memory_utilization }) => percent(memory_utilization, 1),
  },
  {
    label: 'Requests',
    sort: 'requests_per_sec',
    isNumber: true,
    cell: ({ requests_per_sec }) => perSecond(requests_per_sec),
  },
  { label: 'Response', isNumber: true, cell: ({ response_time_ms }) => milliseconds(response_time_ms) },
  { label: 'Restarts', isNumber: true, cell: ({ restart_count }) => whole(restart_count) },
  { label: 'Environment', cell: ({ environment }) => environment ?? '–' },
  { label: 'Last sample', sort: 'timestamp', cell: ({ timestamp }) => ago(timestamp, serverNow()) },
]

/** Every container as it is now, a page at a time. */
export const containersTable = () =>
  serverTable<Container>({
    id: 'containers-table',
    name: 'Table of containers',
    searched: 'Name has',
    sort: 'container_id',
    columns,
    choices: [
      { name: 'service', label: 'Service', options: [] },
      { name: 'environment', label: 'Environment', options: environments },
      { name: 'health', label: 'Health', options: ['healthy', 'degraded', 'unhealthy'] },
    ],
    key: ({ container_id }) => container_id,
    counted: count => counted(count, 'container'),
    ask: query => ask('/api/containers/current', query),
  })
