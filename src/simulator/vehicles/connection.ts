/** Keeps a vehicle connected as long as it can and wants to be. */
import type { Random } from '../../shared/random.ts'
import { downlinks, topicOf } from '../../vehicle/topics.ts'
import { between } from './chance.ts'
import type { Connect, DeviceLink, LinkEnd, Publication } from './link.ts'
import type { Scheduler } from './scheduler.ts'
import type { Counts } from './stats.ts'

export interface Connection {
  /** Whether it can be connected: coverage, and a computer that runs. */
  want(wanted: boolean): void
  /** Connects anew: the one it has does not answer any more. */
  renew(): void
  /** The connection, when it is open. */
  link(): DeviceLink | null
  /** Says goodbye and does not come back. */
  end(): void
}

export interface ConnectionOptions {
  vehicle: string
  password: string
  connect: Connect
  scheduler: Scheduler
  random: Random
  counts: Counts
  /** Of the connection that is made next. */
  will: () => Publication
  /** The vehicle listens on its topics by now. */
  onOpen: (link: DeviceLink) => void
  onClosed: () => void
  onMessage: (topic: string, payload: string) => void
}

export const BACK_OFF_FIRST_MS = 5000
export const BACK_OFF_MAX_MS = 60_000
/** How soon one dials that has found coverage. */
const DIALS_WITHIN_MS = 1000

/**
 * Exponential back-off with full jitter: anywhere from 0 to a bound that doubles. So the thousands that lose their
 * broker at once come back spread over seconds.
 * @param attempt from 0
 */
export const backOffMs = (attempt: number, random: Random): number =>
  random.next() * Math.min(BACK_OFF_MAX_MS, BACK_OFF_FIRST_MS * 2 ** Math.min(attempt, 10))

export function createConnection(options: ConnectionOptions): Connection {
  const { vehicle, scheduler, random, counts } = options
  let wanted = false
  let current: DeviceLink | null = null
  let open = false
  let failures = 0
  /** Tells a link of the past that nobody listens to it. */
  let link = 0
  let forgetDial = () => {}

  function dialIn(ms: number) {
    forgetDial()
    forgetDial = scheduler.after(ms, () => {
      if (wanted && !current) dial()
    })
  }

  function dial() {
    const mine = ++link
    const isMine = () => mine === link
    const made = options.connect({
      vehicle,
      password: options.password,
      will: options.will(),
      onOpen: () => {
        if (isMine()) made.subscribe(listened, () => isMine() && opened(made))
      },
      onMessage: (topic, payload) => isMine() && options.onMessage(topic, payload),
      onEnd: end => isMine() && lost(end),
    })
    current = made
  }
  const listened = downlinks.map(kind => topicOf(vehicle, kind))

  function opened(made: DeviceLink) {
    open = true
    failures = 0
    options.onOpen(made)
  }

  function forget() {
    link++
    current = null
    forgetDial()
    if (open) options.onClosed()
    open = false
  }

  function lost(end: LinkEnd) {
    counts.errors++
    if (end.kind === 'refused') counts.refused++
    forget()
    dialIn(backOffMs(failures++, random))
  }

  return {
    want(now) {
      if (now === wanted) return
      wanted = now
      if (now) return dialIn(between(random, DIALS_WITHIN_MS / 5, DIALS_WITHIN_MS))
      current?.destroy()
      forget()
    },
    renew() {
      current?.destroy()
      if (current) lost({ kind: 'lost', message: 'no acknowledgement came' })
    },
    link: () => (open ? current : null),
    end() {
      wanted = false
      if (open) current?.close()
      else current?.destroy()
      forget()
    },
  }
}
