import type { EstateFrame } from '../../estate/api/pipeline.ts'
import { byId } from '../dom.ts'
import type { View } from '../estate/address.ts'
import { analyticsView } from '../estate/analytics/view.ts'
import { containersView } from '../estate/containers/view.ts'
import { showFreshness } from '../estate/freshness.ts'
import { overviewView } from '../estate/overview/view.ts'
import { route } from '../estate/router.ts'
import { serversView } from '../estate/servers/view.ts'
import { servicesView } from '../estate/services/view.ts'
import type { ViewPart } from '../estate/view.ts'
import { showLinkState } from '../link-state.ts'
import { openLive } from '../live.ts'
import { startPage } from '../page.ts'

/** What the frames do not bring is asked for this often, for the view that is shown. */
const EVERY_MS = 30_000

const makers: Record<View, () => ViewPart> = {
  overview: overviewView,
  servers: serversView,
  services: servicesView,
  containers: containersView,
  analytics: analyticsView,
}

void startPage(() => {
  const made = new Map<View, ViewPart>()
  const fresh = showFreshness()
  let newest: EstateFrame | null = null

  function partOf(view: View): ViewPart {
    let part = made.get(view)
    if (!part) {
      part = makers[view]()
      made.set(view, part)
    }
    return part
  }
  const place = route(({ view, range }) => {
    const part = partOf(view)
    if (newest) part.frame(newest)
    part.refresh(range)
  })
  const again = () => {
    const { view, range } = place()
    if (!document.hidden) partOf(view).refresh(range)
  }
  setInterval(again, EVERY_MS)
  document.addEventListener('visibilitychange', again)

  openLive({
    state: showLinkState(byId('link-state')),
    estate(frame) {
      newest = frame
      fresh(frame)
      partOf(place().view).frame(frame)
    },
  })
})
