/** What the foundation SDK (0.0.21) leaves out or gets wrong, mended in one place. */
import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard'

/** @returns a copy that Grafana loads as it was meant */
export function normalise(dashboard: Dashboard): Dashboard {
  // Queries carry a function, to tell TypeScript that they are queries.
  const copy: Dashboard = JSON.parse(JSON.stringify(dashboard))
  showInTheBar(copy.links ?? [])
  showInTheBar(copy.annotations?.list ?? [])
  copy.panels = (copy.panels ?? []).map((panel, index) => numbered(panel, index + 1))
  return { ...copy, id: null } as unknown as Dashboard
}

/** Panels come without an id, and rows all with 0. */
function numbered(panel: Panel | RowPanel, id: number): Panel | RowPanel {
  if ('links' in panel) showInTheBar(panel.links ?? [])
  return { ...panel, id }
}

/** The default placement hides them in a menu; there is no value for the place of old. */
function showInTheBar(all: { placement?: unknown }[]): void {
  for (const one of all) delete one.placement
}
