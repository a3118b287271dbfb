/** Breaks something in the simulated estate by hand. */
import type { FaultKind } from '../machine/notices.ts'
import { rfc3339 } from '../shared/clock.ts'
import { Failure } from '../shared/errors.ts'
import type { Random } from '../shared/random.ts'
import { serviceNames } from '../simulator/estate/plan.ts'
import type { GeneratorBeside } from '../simulator/estate/run-beside.ts'

interface Wanted {
  kind: FaultKind
  resource?: string | undefined
  seconds: number
}

const numbered = (name: string, count: number, digits: number, random: Random) =>
  `${name}-${String(1 + Math.floor(random.next() * count)).padStart(digits, '0')}`

/** Something that this can happen to. A small estate has no instances of the last services. */
function anyFor(kind: FaultKind, servers: number, random: Random): string {
  if (kind === 'error_burst' || kind === 'latency_regression') {
    const served = Math.min(serviceNames.length, Math.ceil(servers / 2))
    return serviceNames[Math.floor(random.next() * served)] ?? serviceNames[0]
  }
  if (kind === 'crash_loop') return numbered('container', servers * 2, 5, random)
  return numbered('server', servers, 4, random)
}

/**
 * @param generator null: it is away
 * @throws Failure `estate_not_simulated`, `invalid_request` where there is no such resource or this cannot happen to it
 */
export async function breakEstate(
  { kind, resource, seconds }: Wanted,
  { generator, servers, random }: { generator: GeneratorBeside | undefined; servers: number; random: Random },
) {
  const chosen = resource ?? anyFor(kind, servers, random)
  const notice = generator ? await generator.inject(kind, chosen, seconds) : 'away'
  if (notice === 'away') throw new Failure('estate_not_simulated', 'The generator does not run.')
  if (!notice)
    throw new Failure('invalid_request', `${kind} cannot happen to ${chosen.slice(0, 64)}.`, {
      errors: [
        { path: 'resource', message: 'must be a server, container or service that this can happen to' },
      ],
    })
  return {
    id: notice.id,
    kind: notice.kind,
    resource: notice.resource,
    started_at: rfc3339(notice.started_at),
    ends_at: rfc3339(notice.started_at + seconds * 1000),
  }
}
