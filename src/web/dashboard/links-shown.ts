/** Shows the ways to Grafana while there is a Grafana that this browser can reach. */
import type { StackReply } from '../../stage/api.ts'
import { call } from '../api.ts'
import { h, setAttribute } from '../dom.ts'
import { exploreUrl, grafanaOf, panelUrl } from './links.ts'
import { type PanelPlace, panels } from './links-table.ts'

const EVERY_MS = 30_000

/** A link that leaves this page open. @param about what it shows, for who does not see the card around it */
export const outwards = (words: string, about: string) =>
  h('a', { target: '_blank', rel: 'noopener', 'aria-label': `${words}: ${about} (new tab)` }, words)

/**
 * Fills every `[data-panel]` of the page, as long as Grafana is up.
 * @param tell where Grafana is; null: no link may show
 */
export function showLinks(tell: (base: string | null) => void): void {
  const places = Array.from(document.querySelectorAll<HTMLElement>('[data-panel]'), element => {
    const name = element.dataset.panel as keyof typeof panels
    const place: PanelPlace = panels[name]
    const panel = outwards('Grafana', place.title)
    const explore = outwards('Explore', place.title)
    element.append(panel, explore)
    return { element, place, panel, explore }
  })

  function show(base: string | null) {
    for (const { element, place, panel, explore } of places) {
      element.hidden = base === null
      setAttribute(panel, 'href', base && panelUrl(base, place))
      setAttribute(explore, 'href', base && exploreUrl(base, place))
    }
    tell(base)
  }

  async function look() {
    if (document.hidden) return
    try {
      const { data } = await call<StackReply>('/stack')
      show(grafanaOf(data, location.hostname))
    } catch {
      show(null)
    }
  }

  void look()
  setInterval(look, EVERY_MS)
  document.addEventListener('visibilitychange', look)
}
