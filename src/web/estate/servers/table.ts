import { h, setText } from '../../dom.ts'
import type { Row } from '../../keyed-list.ts'
import { serverNow } from '../../server-clock.ts'
import { environments } from '../environments.ts'
import { realMark, statusMark } from '../marks.ts'
import { ask, type Server } from '../requests.ts'
import type { Column } from '../table/rows.ts'
import { serverTable } from '../table/table.ts'
import { ago, counted, percent } from '../words.ts'

function nameCell(): Row<Server> {
  const name = h('span')
  const mark = realMark()
  return {
    element: h('span', { class: 'named' }, name, mark),
    update({ server_id, real }) {
      setText(name, server_id)
      mark.hidden = !real
    },
  }
}

function statusCell(): Row<Server> {
  const mark = statusMark()
  return { element: mark.element, update: ({ status }) => mark.update(status) }
}

const columns: Column<Server>[] = [
  { label: 'Server', sort: 'server_id', cell: nameCell },
  { label: 'Status', sort: 'status', cell: statusCell },
  { label: 'CPU', sort: 'cpu_percent', isNumber: true, cell: ({ cpu_percent }) => percent(cpu_percent, 1) },
  {
    label: 'Memory',
    sort: 'memory_percent',
    isNumber: true,
    cell: ({ memory_percent }) => percent(memory_percent, 1),
  },
  {
    label: 'Disk',
    sort: 'disk_utilization',
    isNumber: true,
    cell: ({ disk_utilization }) => percent(disk_utilization, 1),
  },
  { label: 'Region', sort: 'region', cell: ({ region }) => region ?? '–' },
  { label: 'Environment', cell: ({ environment }) => environment ?? '–' },
  { label: 'Last sample', sort: 'timestamp', cell: ({ timestamp }) => ago(timestamp, serverNow()) },
]

/** Every server as it is now, a page at a time. */
export const serversTable = () =>
  serverTable<Server>({
    id: 'servers-table',
    name: 'Table of servers',
    searched: 'Name has',
    sort: 'server_id',
    columns,
    choices: [
      { name: 'region', label: 'Region', options: [] },
      { name: 'environment', label: 'Environment', options: environments },
      { name: 'status', label: 'Status', options: ['healthy', 'warning', 'critical'] },
    ],
    key: ({ server_id }) => server_id,
    counted: count => counted(count, 'server'),
    ask: query => ask('/api/servers/current', query),
  })
