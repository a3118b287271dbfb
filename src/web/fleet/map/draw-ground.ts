import { outline } from './outline.ts'
import { type Camera, graticuleStep, type Point, project, unproject } from './projection.ts'
import type { Theme } from './theme.ts'

/** A canvas's drawing, its size in CSS pixels, and what it shows. */
export interface Scene {
  pen: CanvasRenderingContext2D
  width: number
  height: number
  camera: Camera
  theme: Theme
}

/** Below this there is no room for all the words. */
export const NARROW = 520
const LINES_APART = 72
/** From this zoom on the outline is too rough to be true, and fades away. */
const OUTLINE_FADES = 40_000
const EARTH_KM = 40_075

const corners = outline.map(([longitude, latitude]) => project(latitude, longitude))

export const onScreen = ({ camera, width, height }: Scene, { x, y }: Point): Point => ({
  x: (x - camera.x) * camera.scale + width / 2,
  y: (y - camera.y) * camera.scale + height / 2,
})

/** The country, its graticule with degrees at the edges, and close up a scale. */
export function drawGround(scene: Scene): void {
  const { pen, width, height, theme } = scene
  pen.fillStyle = theme.ground
  pen.fillRect(0, 0, width, height)
  drawLand(scene)
  drawGraticule(scene)
  if (scene.camera.scale > OUTLINE_FADES) drawScale(scene)
}

function drawLand(scene: Scene) {
  const { pen, theme, camera } = scene
  const strength = Math.min(1, Math.max(0, 2 - camera.scale / OUTLINE_FADES))
  if (strength === 0) return
  pen.globalAlpha = strength
  pen.beginPath()
  for (const corner of corners) {
    const { x, y } = onScreen(scene, corner)
    pen.lineTo(x, y)
  }
  pen.closePath()
  pen.fillStyle = theme.surface
  pen.fill()
  pen.strokeStyle = theme.lineStrong
  pen.lineWidth = 1
  pen.lineJoin = 'round'
  pen.globalAlpha = strength * 0.6
  pen.stroke()
  pen.globalAlpha = 1
}

function drawGraticule(scene: Scene) {
  const { pen, width, height, camera, theme } = scene
  const step = graticuleStep(camera.scale, LINES_APART)
  const digits = step < 0.1 ? 2 : step < 1 ? 1 : 0
  const middle = { x: camera.x, y: camera.y }
  const nw = unproject({ x: middle.x - width / 2 / camera.scale, y: middle.y - height / 2 / camera.scale })
  const se = unproject({ x: middle.x + width / 2 / camera.scale, y: middle.y + height / 2 / camera.scale })
  pen.strokeStyle = theme.line
  pen.fillStyle = theme.muted
  pen.lineWidth = 1
  pen.font = `11px ${theme.font}`
  pen.beginPath()
  pen.textAlign = 'center'
  pen.textBaseline = 'bottom'
  for (let at = Math.ceil(nw.longitude / step); at * step <= se.longitude; at++) {
    const { x } = onScreen(scene, project(0, at * step))
    pen.moveTo(Math.round(x) + 0.5, 0)
    pen.lineTo(Math.round(x) + 0.5, height)
    if (x > 24 && x < width - 24) pen.fillText(degrees(at * step, digits, 'E', 'W'), x, height - 4)
  }
  pen.textAlign = 'right'
  for (let at = Math.ceil(se.latitude / step); at * step <= nw.latitude; at++) {
    const { y } = onScreen(scene, project(at * step, 0))
    pen.moveTo(0, Math.round(y) + 0.5)
    pen.lineTo(width, Math.round(y) + 0.5)
    if (width >= NARROW && y > 20 && y < height - 24)
      pen.fillText(degrees(at * step, digits, 'N', 'S'), width - 6, y - 2)
  }
  pen.stroke()
}

const degrees = (value: number, digits: number, above: string, below: string) =>
  `${Math.abs(value).toFixed(digits)}° ${value < 0 ? below : above}`

/** A line of a round length. */
function drawScale({ pen, height, camera, theme }: Scene) {
  const { latitude } = unproject(camera)
  const kmOf = (pixels: number) => (pixels / camera.scale) * EARTH_KM * Math.cos((latitude * Math.PI) / 180)
  const km = [50, 20, 10, 5, 2, 1].find(length => length <= kmOf(120)) ?? 1
  const pixels = km / kmOf(1)
  const [left, base] = [16, height - 30]
  pen.strokeStyle = theme.text
  pen.fillStyle = theme.text
  pen.lineWidth = 2
  pen.beginPath()
  pen.moveTo(left, base - 5)
  pen.lineTo(left, base)
  pen.lineTo(left + pixels, base)
  pen.lineTo(left + pixels, base - 5)
  pen.stroke()
  pen.textAlign = 'center'
  pen.fillText(`${km} km`, left + pixels / 2, base - 4)
}
