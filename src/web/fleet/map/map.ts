import type { FleetFrame } from '../../../fleet/api.ts'
import type { Region } from '../../../vehicle/equipment.ts'
import { byId, setText } from '../../dom.ts'
import { places } from '../places.ts'
import { vehiclesWords } from '../words.ts'
import { type Cluster, clustersOf } from './clusters.ts'
import { drawGround, onScreen, type Scene } from './draw-ground.ts'
import { drawClusters, drawMiddles, drawVehicles } from './draw-vehicles.ts'
import { motion } from './motion.ts'
import { regionTable } from './region-table.ts'
import { onTheme, readTheme } from './theme.ts'
import { mapView } from './view.ts'

const HIT_PX = 18

/**
 * Draws the fleet's map and keeps it up to date: circles for cities, and within a city every vehicle.
 * @param openVehicle is told the name of the vehicle that was chosen
 */
export function showMap(openVehicle: (vehicle: string) => void): (frame: FleetFrame) => void {
  const canvas = byId<HTMLCanvasElement>('map')
  const pen = canvas.getContext('2d', { alpha: false })
  if (!pen) throw new Error('This browser draws no canvas')
  const less = matchMedia('(prefers-reduced-motion: reduce)')
  const view = mapView()
  const tracks = motion()
  const table = regionTable(choose)
  const back = byId<HTMLButtonElement>('map-back')
  let theme = readTheme()
  let clusters: Cluster[] = clustersOf([])
  let hits: { region: Region; x: number; y: number; radius: number }[] = []
  let width = 0
  let height = 0
  let seen = true
  let pending = 0

  const vehiclesOf = (region: Region | null) =>
    clusters.find(cluster => cluster.region === region)?.vehicles ?? []

  function draw(nowMs: number) {
    pending = 0
    if (!pen || width === 0) return
    const ratio = devicePixelRatio || 1
    const [wide, tall] = [Math.round(width * ratio), Math.round(height * ratio)]
    if (canvas.width !== wide || canvas.height !== tall) Object.assign(canvas, { width: wide, height: tall })
    pen.setTransform(ratio, 0, 0, ratio, 0, 0)
    const scene: Scene = { pen, width, height, theme, camera: view.cameraAt(nowMs) }
    const strengths = view.strengths(nowMs)
    drawGround(scene)
    if (strengths.vehicles > 0) {
      drawMiddles(scene, strengths.vehicles)
      drawVehicles(scene, tracks.at(nowMs), strengths.vehicles)
    }
    hits = strengths.clusters > 0 ? drawClusters(scene, clusters, strengths.clusters) : []
    const moves = strengths.vehicles > 0 && tracks.moves(nowMs)
    if (view.flies(nowMs) || (moves && seen)) later()
  }
  function later() {
    if (pending === 0) pending = requestAnimationFrame(draw)
  }

  function choose(region: Region | null) {
    view.go(region, vehiclesOf(region), performance.now(), !less.matches)
    back.hidden = region === null
    table.mark(region)
    sayWhat()
    later()
  }

  function sayWhat() {
    const { region } = view
    const total = clusters.reduce((sum, cluster) => sum + cluster.total, 0)
    const here = region === null ? total : vehiclesOf(region).length
    const where = region === null ? 'The country' : places[region].name
    setText(byId('map-where'), `${where}: ${vehiclesWords(here)}`)
    canvas.setAttribute(
      'aria-label',
      `Map of ${region === null ? 'the country' : places[region].name} with ${vehiclesWords(here)}. The table of regions has the same in numbers.`,
    )
  }

  /** What is under the pointer. */
  function under({ offsetX: x, offsetY: y }: MouseEvent): { region: Region } | { vehicle: string } | null {
    const now = performance.now()
    const city = hits.find(hit => Math.hypot(hit.x - x, hit.y - y) <= hit.radius + 4)
    if (city) return { region: city.region }
    if (view.strengths(now).vehicles < 1) return null
    const scene = { pen, width, height, theme, camera: view.cameraAt(now) } as Scene
    let nearest: string | null = null
    let least = HIT_PX
    for (const vehicle of tracks.at(now)) {
      const at = onScreen(scene, vehicle)
      const distance = Math.hypot(at.x - x, at.y - y)
      if (distance >= least) continue
      least = distance
      nearest = vehicle.name
    }
    return nearest === null ? null : { vehicle: nearest }
  }

  canvas.addEventListener('click', event => {
    const found = under(event)
    if (found === null) return
    if ('region' in found) choose(found.region)
    else openVehicle(found.vehicle)
  })
  canvas.addEventListener('pointermove', event => {
    const found = event.pointerType === 'mouse' ? under(event) : null
    canvas.style.cursor = found ? 'pointer' : ''
    canvas.title = found && 'vehicle' in found ? found.vehicle : ''
  })
  back.addEventListener('click', () => {
    const left = view.region
    choose(null)
    table.focus(left)
  })
  onTheme(() => {
    theme = readTheme()
    later()
  })
  new ResizeObserver(([entry]) => {
    if (!entry) return
    width = entry.contentRect.width
    height = entry.contentRect.height
    view.resize(width, height, vehiclesOf(view.region))
    later()
  }).observe(canvas)
  new IntersectionObserver(([entry]) => {
    seen = entry?.isIntersecting ?? true
    if (seen) later()
  }).observe(canvas)

  return ({ map, total }) => {
    tracks.take(map.vehicles, performance.now(), !less.matches)
    clusters = clustersOf(map.vehicles)
    table.update(clusters)
    sayWhat()
    const left = total - map.vehicles.length
    setText(
      byId('map-note'),
      total === 0
        ? 'No vehicle has reported yet. Start some: npm run fleet'
        : left > 0
          ? `${vehiclesWords(left)} not on the map: without a position, or beyond the 2,000 that are drawn.`
          : '',
    )
    later()
  }
}
