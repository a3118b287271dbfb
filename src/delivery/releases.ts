/** What runs: shipping another version into the running program, going back, and what is put back after a restart. */
import type { z } from 'zod'
import type { Clock } from '../shared/clock.ts'
import { Failure } from '../shared/errors.ts'
import type { Random } from '../shared/random.ts'
import { type Deployer, type FaultName, type FaultSet, faultNames, releaseRequest } from './api.ts'
import type { DeliveryEvents } from './events.ts'
import type { Faults } from './faults.ts'
import { isOver, lineOf, nextVersion, runningRow } from './release.ts'
import type { Deployment } from './schema.ts'
import type { DeliveryStore } from './store.ts'

/** The program's own version. */
export interface Release {
  version: string
  commit: string
  env: string
  /** When its commit was made, Unix ms; null: not known. */
  committedAt?: number | null
}

export interface Running {
  version: string
  commit: string
  /** Of its deployment; null: it is not written down yet. */
  id: number | null
  by: Deployer
  /** Those that came with it and are still on. */
  faults: FaultName[]
}

/** What may be left out is as the wire says. */
export type WantedRelease = z.input<typeof releaseRequest>
/** Told of every change of what runs, before it is logged. */
export type ReleaseListener = (running: Running, before: Running) => void

export interface Releases {
  running(): Running
  /** What a rollback goes back to. */
  previous(): Deployment | undefined
  /** The version of the next release, where it names none. @throws Failure `storage_*` */
  next(): string
  /** Writes down that this program runs, or puts back the release that ran in it before a restart. @throws Failure `storage_*` */
  begin(): void
  /** @throws Failure `faults_off`, `storage_*` */
  ship(wanted: WantedRelease, by: Deployer): Deployment
  /** Null: there is nothing to go back to. @throws Failure `storage_*` */
  rollBack(by: Deployer): Deployment | null
  /** Faults were switched beside it: the running release has none of its own any more. @throws Failure `storage_*` */
  disown(): void
  /** Ends faults whose time is over, and the release that they came with. @throws Failure `storage_*` */
  endWhatIsDue(): void
  onRelease(listener: ReleaseListener): void
}

interface Parts {
  own: Release
  store: DeliveryStore
  faults: Faults
  clock: Clock
  random: Random
  events: Pick<DeliveryEvents, 'released' | 'rolledBack'>
  /** What users met was ended by going back, at a time (Unix ms). */
  mitigated: (at: number) => void
}

const COMMIT_DIGITS = 7
/** Of a deployment that brings no faults and stands on nothing. */
const plain = { faults: {}, faultsEndAt: null, below: null, restores: null, undoes: null }

export function createReleases({ own, store, faults, clock, random, events, mitigated }: Parts): Releases {
  const listeners: ReleaseListener[] = []
  let deployment: Deployment | undefined
  /** Whether the faults that are on came with what runs. */
  let ownsFaults = false
  /** Its faults have ended, but the rollback that goes with it could not be written down yet. */
  let isOverdue = false

  const running = (): Running => {
    const { version, commit } = deployment ?? own
    const names = ownsFaults ? faults.names() : []
    return { version, commit, id: deployment?.row ?? null, by: deployment?.by ?? 'process', faults: names }
  }

  function become(next: Deployment) {
    const before = running()
    deployment = next
    isOverdue = false
    for (const listener of listeners) listener(running(), before)
  }

  const next = () => {
    const { version } = running()
    return nextVersion(version, store.versionsLike(lineOf(version)))
  }

  function startFaults(settings: FaultSet, seconds: number) {
    faults.start(settings, seconds)
    ownsFaults = true
  }

  function endFaults() {
    if (ownsFaults) faults.end('stopped')
    ownsFaults = false
  }

  function begin() {
    const at = clock.now()
    const found = store.transaction(() => {
      const newest = store.newestDeployment()
      const start = store.newestStart()
      if (newest && start?.version === own.version && start.commit === own.commit) return { newest }
      const { version, commit, env, committedAt = null } = own
      const what = { version, commit, env, committedAt, deployedAt: at }
      const how = { kind: 'start', by: 'process', simulated: false, planned: true } as const
      const added = store.addDeployment({ ...plain, ...what, ...how })
      return { newest: added, isNew: true, before: newest }
    })
    if (found.newest.kind === 'start') deployment = found.newest
    else become(found.newest)
    if (found.isNew) events.released(found.newest, found.before)
    const { faultsEndAt, faults: settings } = found.newest
    if (faultsEndAt === null) return
    if (isOver(found.newest, at) || !faults.possible) rollBack('cap')
    else startFaults(settings, (faultsEndAt - at) / 1000)
  }

  /** @returns what runs, written down if it was not */
  function begun(): Deployment {
    if (!deployment) begin()
    return deployment as Deployment
  }

  function rollBack(by: Deployer): Deployment | null {
    const at = clock.now()
    const before = begun()
    const undone = store.deployment(runningRow(before))
    const target = undone?.below == null ? undefined : store.deployment(undone.below)
    if (!undone || !target) return null
    const { version, commit, env, committedAt } = target
    const what = { version, commit, env, committedAt, deployedAt: at }
    const how = { kind: 'rollback', by, simulated: true, planned: false } as const
    const added = store.transaction(() =>
      store.addDeployment({ ...plain, ...what, ...how, restores: target.row, undoes: undone.row }),
    )
    become(added)
    events.rolledBack(added, before)
    endFaults()
    mitigated(at)
    return added
  }

  return {
    running,
    begin: () => void begun(),
    rollBack,
    next,
    onRelease: listener => void listeners.push(listener),
    previous() {
      const undone = deployment && store.deployment(runningRow(deployment))
      return undone?.below == null ? undefined : store.deployment(undone.below)
    },
    ship(wanted, by) {
      const request = releaseRequest.parse(wanted)
      const { planned, seconds } = request
      const hasFaults = faultNames.some(name => request.faults[name])
      if (hasFaults && !faults.possible)
        throw new Failure('faults_off', 'This server was started with FAULTS=off.')
      const at = clock.now()
      const before = begun()
      const what = {
        version: request.version ?? next(),
        commit: request.commit ?? madeUpCommit(random),
        env: own.env,
        committedAt: request.committed_at === undefined ? null : Date.parse(request.committed_at),
        deployedAt: at,
        faults: request.faults,
        faultsEndAt: hasFaults ? at + seconds * 1000 : null,
      }
      const how = { kind: 'release', by, simulated: true, planned } as const
      const added = store.transaction(() =>
        store.addDeployment({ ...plain, ...what, ...how, below: runningRow(before) }),
      )
      become(added)
      events.released(added, before)
      if (hasFaults) startFaults(request.faults, seconds)
      else endFaults()
      return added
    },
    disown() {
      const { id } = running()
      if (id !== null && ownsFaults) store.transaction(() => store.forgetFaultsOf(id))
      ownsFaults = false
      isOverdue = false
    },
    endWhatIsDue() {
      if (faults.isDue()) {
        faults.end('ran_out')
        isOverdue = ownsFaults
        ownsFaults = false
      }
      if (isOverdue) rollBack('cap')
    },
  }
}

const madeUpCommit = (random: Random) =>
  Array.from({ length: COMMIT_DIGITS }, () => Math.floor(random.next() * 16).toString(16)).join('')
