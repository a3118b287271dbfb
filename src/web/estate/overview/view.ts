import { byId, h, setText } from '../../dom.ts'
import { anomalyList, doubtOf } from '../anomalies.ts'
import { REAL_ENVIRONMENT } from '../environments.ts'
import { panel } from '../panel.ts'
import { partsBar } from '../parts.ts'
import { ask } from '../requests.ts'
import { scoreRing } from '../score.ts'
import { serverTrend } from '../server-trend.ts'
import type { ViewPart } from '../view.ts'
import { counted, milliseconds, percent, whole } from '../words.ts'
import { showDay } from './day.ts'
import { showMeters } from './meters.ts'
import { showOrigin } from './origin.ts'
import { showPipeline } from './pipeline.ts'

const OPEN_MOST = 5

/** How everything is, on one screen. */
export function overviewView(): ViewPart {
  const score = scoreRing(byId('score'))
  const open = anomalyList(byId('open'), 'Nothing is out of order.')
  const more = byId('open').parentElement?.querySelector('.more')
  const meters = showMeters()
  const trend = serverTrend('resources', byId('resources-trend'))
  const stages = showPipeline()
  const origin = showOrigin()
  const day = showDay()
  const servers = partsBar(byId('servers-parts'), [
    { level: 'good', name: 'Healthy' },
    { level: 'fair', name: 'Warning' },
    { level: 'poor', name: 'Critical' },
  ])
  const containers = partsBar(byId('containers-parts'), [
    { level: 'good', name: 'Healthy' },
    { level: 'fair', name: 'Degraded' },
    { level: 'poor', name: 'Unhealthy' },
  ])
  const serviceParts = partsBar(byId('services-parts'), [
    { level: 'good', name: 'Healthy' },
    { level: 'fair', name: 'Warning' },
    { level: 'poor', name: 'Critical' },
  ])
  const [success, response] = [h('dd', {}, '–'), h('dd', {}, '–')]
  byId('services-now').append(h('dt', {}, 'Success'), success, h('dt', {}, 'Mean response'), response)
  const wellNow = panel(
    'well-now',
    async () => {
      const [boxes, called] = await Promise.all([ask('/api/containers/health'), ask('/api/services/health')])
      return { boxes: boxes.data, called: called.data }
    },
    ({ boxes, called }) => {
      containers([boxes.healthy_containers, boxes.degraded_containers, boxes.unhealthy_containers])
      serviceParts([called.healthy_services, called.warning_services, called.critical_services])
    },
  )
  const lake = panel(
    'pipeline',
    async () => (await ask('/estate/pipeline')).data,
    ({ lake: { where } }) => setText(byId('lake'), `Lake: ${where}`),
  )
  // Anybody may send samples of an environment with that name: only what is measured is named.
  const hosts = panel(
    'simulated',
    async () => (await ask('/api/servers/current', { environment: REAL_ENVIRONMENT, limit: 5 })).data,
    found => origin.hosts(found.filter(({ real }) => real)),
  )

  return {
    refresh(range) {
      trend(range)
      day()
      for (const refresh of [wellNow, lake, hosts]) void refresh(undefined)
    },
    frame(frame) {
      const { servers: now, services } = frame.summary
      score(frame)
      open(frame.anomalies.slice(0, OPEN_MOST), doubtOf(frame))
      if (more)
        setText(
          more,
          frame.anomalies_open > OPEN_MOST
            ? `All ${whole(frame.anomalies_open)}`
            : counted(frame.anomalies_open, 'open anomaly', 'open anomalies'),
        )
      meters({ cpu: now.avg_cpu, memory: now.avg_memory, disk: now.avg_disk })
      servers([now.healthy, now.warning, now.critical])
      setText(success, percent(services.avg_success_rate))
      setText(response, milliseconds(services.avg_latency))
      stages(frame.stages)
      origin.frame(frame)
    },
  }
}
