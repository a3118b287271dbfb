/** When services get another version: about every two days each, one instance after the other within ten minutes. */
import { unit } from './noise.ts'
import type { AnyResource, Plan, Service } from './plan.ts'
import { DAY_MS } from './rhythm.ts'

const EVERY_MS = 2 * DAY_MS
export const ROLL_MS = 600_000
const PER_MINOR = 6

export interface Deploy {
  service: Service
  version: string
  /** When the first instances get it; by ROLL_MS later all have. Unix ms. */
  at: number
}

export interface Deploys {
  /** null: of a server nobody says one. @param at Unix ms */
  versionOf(resource: AnyResource, at: number): string | null
  /** Those that begin from `from` to before `to`, in order. */
  between(from: number, to: number): Deploy[]
}

export function createDeploys({ services, startsAt }: Pick<Plan, 'services' | 'startsAt'>): Deploys {
  const names = services.map(() => new Map<number, string>())

  function nameOf(service: Service, number: number): string {
    const known = names[service.index] as Map<number, string>
    let name = known.get(number)
    if (name === undefined) {
      const major = 1 + Math.floor(unit(service.key, 30) * 4)
      const minor = Math.floor(unit(service.key, 31) * 9) + Math.floor(number / PER_MINOR)
      name = `v${major}.${minor}.${number % PER_MINOR}`
      known.set(number, name)
    }
    return name
  }

  /** When in this span of two days the deploy begins: away from its edges, so that two are never close. */
  const beginsAt = (service: Service, span: number) =>
    startsAt + Math.floor((span + 0.15 + 0.7 * unit(service.key ^ 0x27d4eb2f, span)) * EVERY_MS)

  function numberAt(service: Service, at: number): number {
    const span = Math.floor((at - startsAt) / EVERY_MS)
    return Math.max(0, span + (at >= beginsAt(service, span) ? 1 : 0))
  }

  return {
    versionOf: (resource, at) =>
      resource.kind === 'server'
        ? null
        : nameOf(resource.service, numberAt(resource.service, at - Math.floor(resource.turn * ROLL_MS))),
    between(from, to) {
      const found: Deploy[] = []
      const first = Math.max(0, Math.floor((from - startsAt) / EVERY_MS))
      for (const service of services)
        for (let span = first; startsAt + span * EVERY_MS < to; span++) {
          const at = beginsAt(service, span)
          if (at >= from && at < to) found.push({ service, version: nameOf(service, span + 1), at })
        }
      return found.sort((a, b) => a.at - b.at)
    },
  }
}
