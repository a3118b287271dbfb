import { byId } from '../dom.ts'
import { showCampaigns } from '../fleet/campaigns/list.ts'
import { batteryTrend } from '../fleet/charts/battery-trend.ts'
import { firmwareBars } from '../fleet/charts/firmware-bars.ts'
import { statusRing } from '../fleet/charts/status-ring.ts'
import { showConsole } from '../fleet/console/console.ts'
import { showMap } from '../fleet/map/map.ts'
import { showTiles } from '../fleet/tiles.ts'
import { vehicleDialog } from '../fleet/vehicles/detail.ts'
import { showVehicles } from '../fleet/vehicles/table.ts'
import { showLinkState } from '../link-state.ts'
import { openLive } from '../live.ts'
import { startPage } from '../page.ts'

void startPage(async () => {
  const openVehicle = vehicleDialog()
  const parts = [
    showTiles(),
    showMap(openVehicle),
    statusRing(),
    firmwareBars(),
    batteryTrend(),
    showVehicles(openVehicle),
  ]
  const campaigns = showCampaigns()
  const releases = await showConsole()
  openLive({
    state: showLinkState(byId('link-state')),
    fleet(frame) {
      for (const show of parts) show(frame)
    },
    campaigns(frame) {
      campaigns(frame)
      releases(frame)
    },
  })
})
