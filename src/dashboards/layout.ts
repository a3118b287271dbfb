/** Where panels go. Pure. */

/** The width of a dashboard, in Grafana's columns. */
export const COLUMNS = 24

export interface Place {
  x: number
  y: number
  w: number
  h: number
}

/** Widths and heights, in columns and rows of Grafana's grid. */
export type Size = readonly [w: number, h: number]

const ROW_HEIGHT = 1

/**
 * Puts each row's title above its panels, and the panels side by side, on as many lines as they need.
 * @returns the place of each title, and of each panel in it
 */
export function arrange(rows: readonly (readonly Size[])[]): { title: Place; panels: Place[] }[] {
  let y = 0
  return rows.map(sizes => {
    const title = { x: 0, y, w: COLUMNS, h: ROW_HEIGHT }
    const panels = sideBySide(sizes, y + ROW_HEIGHT)
    y = Math.max(y + ROW_HEIGHT, ...panels.map(bottomOf))
    return { title, panels }
  })
}

function sideBySide(sizes: readonly Size[], top: number): Place[] {
  let [x, y, bottom] = [0, top, top]
  return sizes.map(([w, h]) => {
    if (x + w > COLUMNS) [x, y] = [0, bottom]
    const place = { x, y, w, h }
    x += w
    bottom = Math.max(bottom, bottomOf(place))
    return place
  })
}

const bottomOf = ({ y, h }: Place) => y + h
