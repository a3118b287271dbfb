/** What an update does as time passes, state by state. Pure; see agent.ts. */
import type { Ecu } from '../../vehicle/equipment.ts'
import type { UpdateReason } from '../../vehicle/update-states.ts'
import {
  type Agent,
  type AgentEvent,
  type Conditions,
  type Effect,
  into,
  type Outcome,
  type Update,
} from './agent-state.ts'

/** Below it nothing is installed, V: the 12 V battery has to carry the computers through it. */
export const LOW_VOLTAGE_FLOOR = 11.8
const CHECKS_SECONDS = 3
const PROGRESS_STEP = 25
/** Of the installation, after which a vehicle hangs that does. */
const SILENT_AFTER = 0.3
/** The watchdog boots a vehicle that hangs after so long. */
export const SILENT_SECONDS = 3600

type Passing = Extract<AgentEvent, { kind: 'passed' | 'booted' }>

/** @param update of the agent, and not at its end */
export function advance(agent: Agent, update: Update, event: Passing): Outcome {
  if (event.kind === 'booted') return booted(agent, update)
  if (update.rebooting || update.silent) return { agent, effects: [] }
  const { seconds, conditions } = event
  const left = { ...update, leftSeconds: update.leftSeconds - seconds }
  switch (update.state) {
    case 'DOWNLOADING':
      return download(agent, update, seconds, conditions)
    case 'WAITING_FOR_PRECONDITIONS':
      return install(agent, update, conditions)
    case 'INSTALLING':
      return installing(agent, left)
    default:
      return left.leftSeconds > 0 ? keep(agent, left) : timeIsUp(agent, left, conditions)
  }
}

const keep = (agent: Agent, update: Update, effects: Effect[] = []): Outcome => ({
  agent: { ...agent, update },
  effects,
})

function timeIsUp(agent: Agent, update: Update, conditions: Conditions): Outcome {
  const { plan } = update
  switch (update.state) {
    case 'WAITING_FOR_CONSENT':
      return plan.refusesConsent
        ? into(agent, update, 'REJECTED', { reason: 'consent_refused' })
        : into(agent, update, 'DOWNLOADING', { progress: 0 })
    case 'DOWNLOADED':
      return install(agent, update, conditions)
    case 'ACTIVATING':
    case 'ROLLING_BACK':
      return keep(agent, { ...update, rebooting: true }, [{ kind: 'reboot', seconds: plan.rebootSeconds }])
    case 'VERIFYING':
      return plan.selfTestFails
        ? into(agent, update, 'ROLLING_BACK', { reason: 'self_test_failed', leftSeconds: CHECKS_SECONDS })
        : commit(agent, update)
    default:
      return keep(agent, update)
  }
}

const artifactsFor = ({ hardware }: Agent, { offer }: Update) =>
  offer.manifest.artifacts.filter(artifact => artifact.hardware.includes(hardware))

function download(agent: Agent, update: Update, seconds: number, conditions: Conditions): Outcome {
  if (!conditions.connected) return { agent, effects: [] }
  const sizeMb = artifactsFor(agent, update).reduce((sum, { size_bytes }) => sum + size_bytes, 0) / 1e6
  const downloadedMb = Math.min(sizeMb, update.downloadedMb + seconds * conditions.downloadMbPerSecond)
  const used: Effect = { kind: 'downloaded', mb: downloadedMb - update.downloadedMb }
  const share = sizeMb === 0 ? 1 : downloadedMb / sizeMb
  const { downloadFailsAt } = update.plan
  const next = { ...update, downloadedMb }
  const progress = Math.floor((share * 100) / PROGRESS_STEP) * PROGRESS_STEP
  if (downloadFailsAt !== null && share >= downloadFailsAt)
    return and(used, into(agent, next, 'FAILED', { reason: 'download_failed' }))
  if (share === 1) return and(used, into(agent, next, 'DOWNLOADED', { leftSeconds: CHECKS_SECONDS }))
  if (progress > (update.progress ?? 0)) return and(used, into(agent, next, 'DOWNLOADING', { progress }))
  return keep(agent, next, [used])
}

const and = (effect: Effect, { agent, effects }: Outcome): Outcome => ({
  agent,
  effects: [effect, ...effects],
})

/** What stands against installing now. */
function obstacle(update: Update, conditions: Conditions): UpdateReason | null {
  if (conditions.batteryPercent < update.offer.battery_floor_percent) return 'battery_low'
  if (conditions.lowVoltageVolts < LOW_VOLTAGE_FLOOR) return 'low_voltage_battery_low'
  return conditions.parked ? null : 'not_parked'
}

function install(agent: Agent, update: Update, conditions: Conditions): Outcome {
  const reason = obstacle(update, conditions)
  if (reason === null)
    return into(agent, update, 'INSTALLING', { progress: 0, leftSeconds: update.plan.installSeconds })
  const told = update.state === 'WAITING_FOR_PRECONDITIONS' && update.reason === reason
  return told ? { agent, effects: [] } : into(agent, update, 'WAITING_FOR_PRECONDITIONS', { reason })
}

function installing(agent: Agent, update: Update): Outcome {
  const { plan, leftSeconds } = update
  const done = 1 - leftSeconds / plan.installSeconds
  if (plan.goesSilent && done >= SILENT_AFTER)
    return keep(agent, { ...update, silent: true }, [{ kind: 'reboot', seconds: SILENT_SECONDS }])
  if (leftSeconds <= 0)
    return plan.installFails
      ? into(agent, update, 'FAILED', { reason: 'install_failed' })
      : into(agent, update, 'ACTIVATING', { leftSeconds: CHECKS_SECONDS })
  if (done < 0.5 || (update.progress ?? 0) >= 50) return keep(agent, update)
  return into(agent, update, 'INSTALLING', { progress: 50, leftSeconds })
}

function booted(agent: Agent, update: Update): Outcome {
  const awake = { ...update, rebooting: false, silent: false }
  const { plan } = update
  if (update.silent) return into(agent, awake, 'FAILED', { reason: 'install_failed' })
  if (!update.rebooting) return { agent, effects: [] }
  if (update.state === 'ACTIVATING') return into(agent, awake, 'VERIFYING', { leftSeconds: plan.testSeconds })
  return plan.rollbackFails
    ? into(agent, awake, 'FAILED_INCONSISTENT', { reason: 'rollback_failed' })
    : into(agent, awake, 'ROLLED_BACK', { reason: 'self_test_failed' })
}

function commit(agent: Agent, update: Update): Outcome {
  const artifacts = artifactsFor(agent, update)
  const { version, release_counter } = update.offer.manifest
  const ecus = agent.ecus.map((line): Ecu => {
    const artifact = artifacts.find(({ ecu }) => ecu === line.ecu)
    return artifact ? { ...line, version: artifact.version } : line
  })
  const slot = agent.slot === 'a' ? 'b' : 'a'
  const committed = { ...agent, ecus, slot, firmware: version, releaseCounter: release_counter } as const
  return and({ kind: 'committed' }, into(committed, update, 'SUCCEEDED'))
}
