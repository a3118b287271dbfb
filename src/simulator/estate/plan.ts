/** Which machines there are: all of it follows from a seed and a number. */
import type { ResourceKind } from '../../machine/topics.ts'
import { keyOf, pick, unit, within } from './noise.ts'
import { type Region, regions } from './rhythm.ts'

export const environments = ['production', 'staging', 'development'] as const
export type Environment = (typeof environments)[number]

export const serviceNames = [
  'checkout',
  'search',
  'catalog',
  'payments',
  'identity',
  'orders',
  'inventory',
  'shipping',
  'pricing',
  'reviews',
  'messages',
  'profiles',
  'invoices',
  'reports',
  'media',
  'sessions',
  'offers',
  'returns',
  'tracking',
  'accounts',
] as const

/** Versions and restarts count from here, Unix ms. */
export const ORIGIN = Date.UTC(2026, 0, 1)
export const SERVERS_MAX = 5000

export interface PlanOptions {
  /** 1 to SERVERS_MAX; half as many instances of services and twice as many containers come with them. */
  servers: number
  seed: number
  /** Versions and restarts count from here, Unix ms. */
  startsAt?: number
}

/** What the instances of a service share. */
export interface Service {
  index: number
  name: string
  key: number
  /** Of an instance in production at the busiest hour. */
  requestsPerSecond: number
  /** Of its response times: median in ms, and sigma of their logarithm. */
  medianMs: number
  sigma: number
  /** Of requests, on a good day. */
  errorShare: number
  memoryLimitMb: number
}

interface Resource {
  /** In the list of all resources. */
  ordinal: number
  name: string
  key: number
  region: Region
  environment: Environment
  /** Where in an interval it sends, 0 to 1. */
  phase: number
  /** How busy it gets beside one of production, 0 to 1. */
  share: number
  cpuBase: number
  cpuSwing: number
  /** Percent. */
  memoryBase: number
}
export interface Server extends Resource {
  kind: 'server'
  memoryGb: number
  diskGb: number
  /** Percent, between which its disk fills and is cleaned. */
  diskLow: number
  diskHigh: number
  diskCycleMs: number
  diskPhase: number
}
export interface Container extends Resource {
  kind: 'container'
  service: Service
  /** When in the ten minutes of a deploy its turn is, 0 to 1. */
  turn: number
  /** Unix ms. */
  madeAt: number
  restartEveryMs: number
}
export interface Instance extends Resource {
  kind: 'service'
  service: Service
  turn: number
  /** Of its service's response times. */
  slowness: number
}
export type AnyResource = Server | Container | Instance

export interface Plan {
  seed: number
  startsAt: number
  services: Service[]
  servers: Server[]
  containers: Container[]
  instances: Instance[]
  /** All of them: each at its ordinal. */
  resources: AnyResource[]
}

const DAY_MS = 86_400_000
const placings: readonly Environment[] = ['production', 'production', 'production', 'staging', 'development']
const shares: Record<Environment, number> = { production: 1, staging: 0.5, development: 0.3 }
/** Servers whose disks run nearly full before somebody cleans them. */
const FULL_DISKS = 0.03

/** @throws RangeError when `servers` is none or too many */
export function planEstate({ servers, seed, startsAt = ORIGIN }: PlanOptions): Plan {
  if (!(servers >= 1 && servers <= SERVERS_MAX))
    throw new RangeError(`servers must be 1 to ${SERVERS_MAX}, not ${servers}`)
  const services = serviceNames.map((name, index) => serviceOf(seed, name, index))
  const count = Math.floor(servers)
  const plan: Plan = { seed, startsAt, services, servers: [], containers: [], instances: [], resources: [] }
  const add = <R extends AnyResource>(list: R[], resource: R) => {
    list.push(resource)
    plan.resources.push(resource)
  }
  const common = (kind: ResourceKind, name: string, environment?: Environment, region?: Region) => {
    const key = keyOf(seed, kind, name)
    const where = environment ?? pick(placings, key, 2)
    return {
      ordinal: plan.resources.length,
      name,
      key,
      region: region ?? pick(regions, key, 1),
      environment: where,
      phase: unit(key, 3),
      share: shares[where],
      cpuBase: within(12, 34, key, 4),
      cpuSwing: within(16, 40, key, 5),
      memoryBase: within(36, 64, key, 6),
    }
  }
  for (let index = 0; index < count; index++) {
    const base = common('server', `server-${digits(index + 1, 4)}`)
    add(plan.servers, { kind: 'server', ...base, ...hardware(base.key) })
  }
  for (let index = 0; index < 2 * count; index++) {
    const service = services[index % services.length] as Service
    const base = common('container', `container-${digits(index + 1, 5)}`)
    const turn = unit(base.key, 20)
    add(plan.containers, {
      kind: 'container',
      ...base,
      service,
      turn,
      madeAt: startsAt,
      restartEveryMs: within(12, 60, base.key, 21) * DAY_MS,
    })
  }
  for (let index = 0; index < Math.ceil(count / 2); index++) {
    const service = services[index % services.length] as Service
    // Every service in every region, and in production first.
    const number = Math.floor(index / services.length)
    const region = regions[(number + service.index) % regions.length] as Region
    const environment = placings[Math.floor(number / regions.length) % placings.length] as Environment
    const base = common('service', `${service.name}-${digits(number + 1, 2)}`, environment, region)
    const turn = unit(base.key, 20)
    add(plan.instances, {
      kind: 'service',
      ...base,
      service,
      turn,
      slowness: within(0.92, 1.12, base.key, 22),
    })
  }
  return plan
}

const digits = (number: number, length: number) => String(number).padStart(length, '0')

function serviceOf(seed: number, name: string, index: number): Service {
  const key = keyOf(seed, 'of-service', name)
  return {
    index,
    name,
    key,
    requestsPerSecond: within(12, 60, key, 1),
    medianMs: within(18, 160, key, 2),
    sigma: within(0.3, 0.55, key, 3),
    errorShare: within(0.0005, 0.005, key, 4),
    memoryLimitMb: pick([256, 512, 1024, 2048, 4096], key, 5),
  }
}

function hardware(key: number) {
  const fills = unit(key, 10) < FULL_DISKS
  const diskLow = fills ? within(62, 72, key, 11) : within(18, 45, key, 11)
  return {
    memoryGb: pick([16, 32, 64, 128, 256], key, 12),
    diskGb: pick([250, 500, 1000, 2000, 4000], key, 13),
    diskLow,
    diskHigh: fills ? within(87, 93, key, 14) : diskLow + within(8, 25, key, 14),
    diskCycleMs: within(4, 21, key, 15) * DAY_MS,
    diskPhase: unit(key, 16),
  }
}
