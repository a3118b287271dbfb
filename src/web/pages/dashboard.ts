import type { ActivityFrame } from '../../licensing/api.ts'
import { showActivity } from '../dashboard/activity.ts'
import { showAlerts } from '../dashboard/alerts.ts'
import { showHistory } from '../dashboard/history.ts'
import { lineChart } from '../dashboard/line-chart.ts'
import { showLinks } from '../dashboard/links-shown.ts'
import { showLog } from '../dashboard/log-card.ts'
import { showPools } from '../dashboard/pool-bars.ts'
import { showTiles } from '../dashboard/tiles.ts'
import { byId } from '../dom.ts'
import { showLinkState } from '../link-state.ts'
import { openLive } from '../live.ts'
import { startPage } from '../page.ts'
import { report } from '../report-errors.ts'

const HISTORY_MS = 60_000

void startPage(() => {
  const alerts = showAlerts()
  const tiles = showTiles()
  const pools = showPools()
  const activity = showActivity()
  const traffic = lineChart(byId('traffic'), 'a second')
  const latency = lineChart(byId('latency'), 'ms')
  let tools: string[] = []
  showLinks(showLog())
  const drawHistory = () => void showHistory(tools).catch(report)
  setInterval(drawHistory, HISTORY_MS)

  function drawLines({ series }: ActivityFrame) {
    traffic([
      { name: 'Borrows', style: 'line-borrows', values: series.map(({ borrows }) => borrows) },
      { name: 'Returns', style: 'line-returns', values: series.map(({ returns }) => returns) },
      { name: 'Denials', style: 'line-denials', values: series.map(({ denials }) => denials) },
    ])
    latency([{ name: '95th percentile', style: 'line-borrows', values: series.map(({ p95_ms }) => p95_ms) }])
  }

  openLive({
    state: showLinkState(byId('link-state')),
    alerts,
    pools(frame) {
      pools(frame.pools)
      const names = frame.pools.map(({ tool }) => tool)
      if (names.join() === tools.join()) return
      tools = names
      drawHistory()
    },
    activity(frame) {
      tiles(frame)
      activity(frame)
      drawLines(frame)
    },
  })
})
