import { byId, h, setText } from '../../dom.ts'
import { panel } from '../panel.ts'
import { ask, type DailyStats } from '../requests.ts'
import { percent, short, whole } from '../words.ts'

const facts: [string, (day: DailyStats) => string][] = [
  ['Requests', day => short(day.total_requests)],
  ['Failed', day => short(day.failed_requests)],
  ['Success', day => percent(day.avg_success_rate)],
  ['Restarts', day => whole(day.total_restarts)],
  ['Servers', day => whole(day.total_servers)],
  ['Containers', day => whole(day.active_containers)],
  ['Mean CPU', day => percent(day.avg_cpu)],
  ['Mean memory', day => percent(day.avg_memory)],
  ['Mean disk', day => percent(day.avg_disk)],
]

/** The figures of a day. @returns asks anew */
export function showDay(): () => void {
  const shown = facts.map(([name, write]) => {
    const value = h('dd', {}, '–')
    byId('day-facts').append(h('div', {}, h('dt', {}, name), value))
    return { value, write }
  })
  const refresh = panel(
    'day',
    async () => (await ask('/api/analytics/daily-stats')).data,
    day => {
      for (const { value, write } of shown) setText(value, write(day))
    },
  )
  return () => void refresh(undefined)
}
