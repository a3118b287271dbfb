/** One simulated vehicle: the world it drives in, its computer, and its line to the server. */
import { devicePassword } from '../../vehicle/credentials.ts'
import type { ConnectivityType } from '../../vehicle/equipment.ts'
import type { OfflineState, OnlineState } from '../../vehicle/messages.ts'
import { readTopic, topicOf } from '../../vehicle/topics.ts'
import { type Effect, holdsVehicle } from './agent-state.ts'
import { createBody } from './body.ts'
import { between, happens, randomOf } from './chance.ts'
import { createConnection } from './connection.ts'
import { downloadMbPerSecond } from './connectivity.ts'
import { readCommand, readUpdateCommand } from './downlinks.ts'
import { createSendingFaults } from './faults.ts'
import type { FleetWorld, Vehicle } from './fleet-world.ts'
import type { Identity } from './identity.ts'
import type { DeviceLink } from './link.ts'
import { createOutbox } from './outbox.ts'
import { createUpdateDriver } from './update-driver.ts'
import { obey } from './vehicle-commands.ts'

/** How often it looks at itself: in simulated time, but not more often than in real time. */
const TICK_SIMULATED_MS = 5000
const TICK_MIN_MS = 250
const UNANSWERED_MAX_MS = 60_000
const GOODBYE_MS = 2000
const COMMANDS_REMEMBERED = 32

export function createVehicle(identity: Identity, world: FleetWorld): Vehicle {
  const { clock, scheduler, speed, seed, faults, counts, defect, grain } = world
  const { vehicle } = identity
  const chance = randomOf(seed, vehicle, 'line')
  const clockErrorMs = happens(chance, faults.wrongClockShare) ? faults.wrongClockMs : 0
  const now = () => clock.now() + clockErrorMs
  let steppedAt = clock.monotonic()
  /** Whether its computer runs. */
  let powered = true
  let covered = true
  let sampling = false
  let ended = false
  let stateTold = true
  let networkTold: ConnectivityType | null = null
  const obeyed: string[] = []

  const outbox = createOutbox({
    vehicle,
    boot: world.newBoot(vehicle),
    now,
    counts,
    faults: createSendingFaults(faults, counts, randomOf(seed, vehicle, 'faults')),
  })
  const body = createBody({
    identity,
    random: randomOf(seed, vehicle, 'world'),
    outages: faults.outages,
    coverage: world.coverage,
    pieceSeconds: grain?.pieceSeconds,
    defect: defect && { of: defect, random: randomOf(seed, vehicle, 'defect') },
    onDtcs(dtcs) {
      outbox.dtcs(now(), dtcs)
      world.onDtcs?.(vehicle, dtcs)
    },
  })
  const updates = createUpdateDriver({ identity, seed, publicKey: world.publicKey, onEffect: take })
  const connection = createConnection({
    vehicle,
    password: devicePassword(world.key, vehicle),
    connect: world.connect,
    scheduler,
    random: chance,
    counts,
    will: () => ({ topic: topicOf(vehicle, 'state'), payload: JSON.stringify(offline()), retain: true }),
    onOpen(link) {
      tellState(link)
      outbox.opened(link)
      if (!sampling && !ended) sample()
      sampling = !ended
    },
    onClosed: outbox.closed,
    onMessage: hear,
  })

  const offline = (): OfflineState => ({ vehicle, boot: outbox.boot(), online: false })
  function online(): OnlineState {
    const { vin, model, year, region, hardware } = identity
    const { firmware, releaseCounter, slot, ecus } = updates.agent()
    const is = { vin, model, year, region, hardware, firmware, release_counter: releaseCounter, slot, ecus }
    return { vehicle, boot: outbox.boot(), at: now(), online: true, ...is, connectivity: body.network() }
  }

  /** A state that was not acknowledged is replaced by the next, as sent again. */
  function tell(link: DeviceLink, message: OnlineState | OfflineState, acknowledged = () => {}) {
    if (stateTold) counts.sent++
    else counts.resent++
    stateTold = false
    link.publish({ topic: topicOf(vehicle, 'state'), payload: JSON.stringify(message), retain: true }, () => {
      if (!stateTold) counts.acknowledged++
      stateTold = true
      acknowledged()
    })
  }
  function tellState(link = connection.link()) {
    if (!link) return
    networkTold = body.network()
    tell(link, online())
  }

  function sample() {
    advance()
    if (powered) outbox.sample(now(), body.signals())
  }

  /** Lets the time pass that has passed. */
  function advance() {
    const seconds = ((clock.monotonic() - steppedAt) / 1000) * speed
    steppedAt = clock.monotonic()
    if (seconds <= 0) return
    body.passed(seconds, powered ? updates.agent().firmware : null)
    const { parked, batteryPercent, lowVoltageVolts, charging } = body.state()
    updates.passed(seconds, () => ({
      parked,
      batteryPercent,
      lowVoltageVolts,
      connected: connection.link() !== null,
      downloadMbPerSecond: downloadMbPerSecond[body.network()],
    }))
    const agent = updates.agent()
    const held = holdsVehicle(agent)
    if (held !== body.state().held) body.change({ held })
    const needsCharge = agent.update?.reason === 'battery_low' && parked && !charging
    if (needsCharge) body.change({ charging: true, chargeToPercent: 100 })
    reach()
    if (body.network() !== networkTold) tellState()
  }

  const reach = () => {
    if (!ended) connection.want(powered && covered && body.hasCoverage())
  }

  function take(effect: Effect) {
    if (effect.kind === 'status') outbox.updateStatus(now(), effect.status)
    if (effect.kind === 'committed') tellState()
    if (effect.kind === 'reboot') reboot(effect.seconds)
    if (effect.kind === 'downloaded') body.used(effect.mb)
  }

  function reboot(seconds: number) {
    powered = false
    reach()
    scheduler.after((seconds * 1000) / speed, () => {
      powered = true
      outbox.reboot(world.newBoot(vehicle))
      updates.booted()
      reach()
    })
  }

  function hear(topic: string, payload: string) {
    advance()
    if (readTopic(topic)?.kind === 'update/command') {
      const message = readUpdateCommand(payload)
      if (message) updates.told(message)
      return
    }
    const command = readCommand(payload)
    if (!command || obeyed.includes(command.id)) return
    obeyed.push(command.id)
    if (obeyed.length > COMMANDS_REMEMBERED) obeyed.shift()
    if (command.kind === 'snapshot') {
      tellState()
      return sample()
    }
    scheduler.after(between(chance, 50, 400), () => {
      if (!powered || ended) return
      advance()
      const { state, result } = obey(body.state(), command)
      body.change(state)
      outbox.commandResult(now(), result)
      sample()
    })
  }

  /** At the times asked for, however late a turn is; what was missed altogether is left out. */
  function repeat(everyMs: number, afterMs: number, task: () => void, from = clock.monotonic()) {
    const due = Math.max(from + afterMs, clock.monotonic())
    scheduler.after(due - clock.monotonic(), () => {
      if (ended) return
      task()
      repeat(everyMs, everyMs, task, due)
    })
  }

  return {
    identity,
    start(afterMs, phase) {
      const tickMs = grain
        ? (grain.lookSeconds * 1000) / speed
        : Math.max(TICK_MIN_MS, TICK_SIMULATED_MS / speed)
      const sampleMs = (world.intervalSeconds * 1000) / speed
      scheduler.after(afterMs, () => {
        reach()
        repeat(tickMs, phase * tickMs, () => {
          advance()
          if (connection.link() && outbox.waitingMs() > UNANSWERED_MAX_MS) connection.renew()
        })
      })
      repeat(sampleMs, phase * sampleMs, () => sampling && sample())
    },
    cover(now) {
      if (now === covered) return
      advance()
      covered = now
      reach()
    },
    quieten() {
      ended = true
    },
    leave() {
      const link = connection.link()
      if (!link) return connection.end()
      tell(link, offline(), connection.end)
      scheduler.after(GOODBYE_MS, connection.end)
    },
    view: () => ({
      online: connection.link() !== null,
      batteryPercent: body.state().batteryPercent,
      firmware: updates.agent().firmware,
      waiting: outbox.size(),
      dtcs: body.dtcs(),
    }),
  }
}
