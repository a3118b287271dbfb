import type { VehicleShape } from '../../../fleet/api.ts'
import type { Region } from '../../../vehicle/equipment.ts'
import { places } from '../places.ts'
import { type Cluster, radiusOf } from './clusters.ts'
import { NARROW, onScreen, type Scene } from './draw-ground.ts'
import type { Moving } from './motion.ts'
import { project } from './projection.ts'

const TURN = 2 * Math.PI

/** A circle for each city, its area the count, its ring what the vehicles do. @returns where they are, to be hit */
export function drawClusters(scene: Scene, clusters: Cluster[], strength: number) {
  const { pen, width, theme } = scene
  const most = Math.max(...clusters.map(({ total }) => total))
  const largest = Math.min(24, Math.max(14, width / 28))
  const hits: { region: Region; x: number; y: number; radius: number }[] = []
  pen.globalAlpha = strength
  for (const { region, total, states } of clusters) {
    const { latitude, longitude, label, name, short } = places[region]
    const { x, y } = onScreen(scene, project(latitude, longitude))
    const radius = radiusOf(total, most, largest * 0.5, largest)
    hits.push({ region, x, y, radius: Math.max(radius, 12) })
    pen.beginPath()
    pen.arc(x, y, Math.max(radius, 3), 0, TURN)
    pen.fillStyle = theme.surface
    pen.fill()
    pen.lineWidth = radius > 18 ? 5 : 4
    if (total === 0) {
      pen.lineWidth = 1.5
      pen.strokeStyle = theme.muted
      pen.stroke()
    }
    let from = -TURN / 4
    for (const [state, colour] of [
      ['online', theme.accent],
      ['updating', theme.overage],
      ['offline', theme.lineStrong],
    ] as const) {
      const to = from + (total === 0 ? 0 : (TURN * states[state]) / total)
      pen.beginPath()
      pen.arc(x, y, Math.max(radius, 3), from, to)
      pen.strokeStyle = colour
      // Not by colour only: what is offline is a dotted part of the ring.
      pen.setLineDash(state === 'offline' ? [2, 2] : [])
      pen.stroke()
      from = to
    }
    pen.setLineDash([])
    pen.fillStyle = theme.text
    pen.textAlign = 'center'
    pen.textBaseline = 'middle'
    const { font } = theme
    const size = [14, 11, 9].find(pixels => {
      pen.font = `650 ${pixels}px ${font}`
      return pen.measureText(String(total)).width <= 2 * radius - 8
    })
    if (size !== undefined) pen.fillText(String(total), x, y + 0.5)
    pen.font = `560 ${width < NARROW ? 10 : 12}px ${font}`
    pen.fillStyle = total > 0 ? theme.text : theme.muted
    const words = width < NARROW ? short : name
    const off = radius + (width < NARROW ? 9 : 13)
    pen.fillText(words, x, y + (label === 'below' ? off : -off))
  }
  pen.globalAlpha = 1
  return hits
}

/** The middle of each city with its name, for when circles no longer say it. */
export function drawMiddles(scene: Scene, strength: number): void {
  const { pen, theme } = scene
  pen.globalAlpha = strength
  pen.strokeStyle = theme.muted
  pen.fillStyle = theme.muted
  pen.lineWidth = 1
  pen.font = `12px ${theme.font}`
  pen.textAlign = 'left'
  pen.textBaseline = 'middle'
  for (const { name, latitude, longitude } of Object.values(places)) {
    const { x, y } = onScreen(scene, project(latitude, longitude))
    pen.strokeRect(x - 3, y - 3, 6, 6)
    pen.fillText(name, x + 9, y)
  }
  pen.globalAlpha = 1
}

/** A vehicle as an arrow: filled online, in a ring while it updates, hollow when it is offline. */
export function drawVehicles(scene: Scene, vehicles: readonly Moving[], strength: number) {
  const { pen, theme, width, height } = scene
  const shapes: Record<VehicleShape['state'], Path2D> = {
    offline: new Path2D(),
    online: new Path2D(),
    updating: new Path2D(),
  }
  const rings = new Path2D()
  const trails = new Path2D()
  const size = width < NARROW ? 0.75 : 1
  for (const vehicle of vehicles) {
    const { x, y } = onScreen(scene, vehicle)
    if (x < -12 || y < -12 || x > width + 12 || y > height + 12) continue
    trace(trails, scene, vehicle)
    arrow(shapes[vehicle.state], x, y, vehicle.heading, size)
    if (vehicle.state === 'updating') circle(rings, x, y, 10 * size)
  }
  pen.lineJoin = 'round'
  pen.globalAlpha = strength * 0.7
  pen.lineWidth = 1.5
  pen.strokeStyle = theme.lineStrong
  pen.stroke(trails)
  pen.globalAlpha = strength
  pen.lineWidth = 3
  pen.strokeStyle = theme.ground
  for (const state of ['offline', 'online', 'updating'] as const) pen.stroke(shapes[state])
  pen.lineWidth = 1.5
  pen.strokeStyle = theme.muted
  pen.fillStyle = theme.ground
  pen.fill(shapes.offline)
  pen.stroke(shapes.offline)
  pen.fillStyle = theme.accent
  pen.fill(shapes.online)
  pen.fillStyle = theme.overage
  pen.fill(shapes.updating)
  pen.strokeStyle = theme.overage
  pen.stroke(rings)
  pen.globalAlpha = 1
}

/** Where it came from, as far as it was reported. */
function trace(path: Path2D, scene: Scene, vehicle: Moving) {
  if (vehicle.trail.length === 0) return
  for (const [index, point] of [...vehicle.trail, vehicle].entries()) {
    const { x, y } = onScreen(scene, point)
    if (index === 0) path.moveTo(x, y)
    else path.lineTo(x, y)
  }
}

function circle(path: Path2D, x: number, y: number, radius: number) {
  path.moveTo(x + radius, y)
  path.arc(x, y, radius, 0, TURN)
}

function arrow(path: Path2D, x: number, y: number, heading: number, size: number) {
  const angle = (heading * Math.PI) / 180
  const [sine, cosine] = [size * Math.sin(angle), size * Math.cos(angle)]
  // Clockwise from its tip, drawn heading north.
  const to = (dx: number, dy: number): [number, number] => [
    x + dx * cosine - dy * sine,
    y + dx * sine + dy * cosine,
  ]
  path.moveTo(...to(0, -7))
  path.lineTo(...to(5, 6))
  path.lineTo(...to(0, 3))
  path.lineTo(...to(-5, 6))
  path.closePath()
}
