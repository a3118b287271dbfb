import { byId } from '../../dom.ts'
import { panel } from '../panel.ts'
import { ask, type Region } from '../requests.ts'
import { plainTable, type SortedColumn } from '../table/plain.ts'
import { percent, whole } from '../words.ts'

const share = (label: string, name: 'avg_cpu' | 'avg_memory' | 'avg_disk'): SortedColumn<Region> => ({
  label,
  sort: name,
  isNumber: true,
  by: region => region[name],
  cell: region => percent(region[name], 1),
})

const columns: SortedColumn<Region>[] = [
  { label: 'Region', sort: 'region', by: ({ region }) => region, cell: ({ region }) => region },
  {
    label: 'Servers',
    sort: 'servers',
    isNumber: true,
    by: ({ server_count }) => server_count,
    cell: ({ server_count }) => whole(server_count),
  },
  {
    label: 'Critical',
    sort: 'critical',
    isNumber: true,
    by: ({ critical_count }) => critical_count,
    cell: ({ critical_count }) => whole(critical_count),
  },
  share('CPU', 'avg_cpu'),
  share('Memory', 'avg_memory'),
  share('Disk', 'avg_disk'),
]

/** The regions side by side. @returns asks anew */
export function showRegions(): () => void {
  const rows = plainTable<Region>(
    byId('regions'),
    'Table of regions',
    ({ region }) => region,
    columns,
    'No server has reported yet.',
    'region',
  )
  const refresh = panel('regions', async () => (await ask('/api/analytics/regional-summary')).data, rows)
  return () => void refresh(undefined)
}
