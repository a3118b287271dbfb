import type { FleetFrame, VehiclesReply } from '../../fleet/api.ts'
import type { ActivityFrame } from '../../licensing/api.ts'
import { call } from '../api.ts'
import { byId, setText } from '../dom.ts'
import { telemetry } from '../fleet/requests.ts'
import { plural, rate, timeOfDay } from '../format.ts'
import { keeper } from './kept.ts'
import type { LivePart } from './live-parts.ts'
import { paceOf } from './pace.ts'
import { plot } from './plot.ts'

const SAMPLES = 120
const EVERY_MS = 4000

interface Trace {
  at: string
  vehicle: string
  speeds: (number | null)[]
}

/** The newest samples of a vehicle that drives; of any that is online where none does. */
async function readTrace(): Promise<Trace | null> {
  const { data: list } = await call<VehiclesReply>('/fleet/vehicles?state=online&limit=50')
  const vehicle = list.vehicles.find(({ parked }) => parked === false) ?? list.vehicles[0]
  if (!vehicle) return null
  const { data } = await telemetry(vehicle.vehicle, SAMPLES)
  const inOrder = [...data.samples].sort((one, other) => one.at.localeCompare(other.at))
  return {
    at: vehicle.last_seen_at,
    vehicle: vehicle.vehicle,
    speeds: inOrder.map(({ speed_kmh }) => speed_kmh),
  }
}

/** Left the speed of one vehicle, right the borrows of this server. */
export function signalsPart(): LivePart {
  const drawSpeed = plot(byId('vehicle-plot'), {
    kind: 'line',
    none: 'no vehicle drives',
    unit: 'km/h',
    from: 'older',
    to: 'newest sample',
    height: 180,
    car: true,
  })
  const drawBorrows = plot(byId('borrow-plot'), {
    kind: 'bars',
    none: 'no borrow',
    unit: 'a second',
    from: '5 min ago',
    to: 'now',
    height: 180,
    least: 1,
  })
  const keepTrace = keeper<Trace>('trace', ({ speeds }) => speeds.some(speed => speed !== null))
  const keepActivity = keeper<ActivityFrame>('activity', ({ series }) =>
    series.some(({ borrows }) => borrows > 0),
  )
  let fleet: FleetFrame | null = null

  function traced(trace: Trace | null) {
    const { shown, isKept } = keepTrace(trace)
    drawSpeed(shown?.speeds ?? [])
    const online = fleet ? `, ${plural(fleet.online, 'vehicle')} online` : ''
    const none = 'No vehicle has reported to this server yet: npm run fleet starts some.'
    if (!shown) setText(byId('vehicle-words'), none)
    else if (isKept)
      setText(
        byId('vehicle-words'),
        `No vehicle drives just now. Seen at ${timeOfDay(shown.at)}: ${shown.vehicle}.`,
      )
    else setText(byId('vehicle-words'), `Speed of ${shown.vehicle}${online}.`)
  }

  async function refresh() {
    traced(await readTrace().catch(() => null))
  }

  return {
    takes: {
      fleet(frame) {
        fleet = frame
      },
      activity(frame) {
        const { shown, isKept } = keepActivity(frame)
        drawBorrows((shown ?? frame).series.map(({ borrows }) => borrows))
        const isQuiet = frame.series.every(({ borrows }) => borrows === 0)
        const { count, span } = paceOf(frame)
        const p95 = frame.latency_ms ? `, 95\u00a0% within ${rate(frame.latency_ms.p95)} ms` : ''
        const seen = isKept
          ? ` Seen at ${timeOfDay(shown?.at ?? frame.at)}.`
          : ' Borrow from a phone and look.'
        setText(byId('borrow-words'), isQuiet ? `Nobody borrows just now.${seen}` : `${count} ${span}${p95}.`)
      },
    },
    shown() {
      void refresh()
      const timer = setInterval(refresh, EVERY_MS)
      return () => clearInterval(timer)
    },
    print: refresh,
  }
}
