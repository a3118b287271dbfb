/** Vehicles and their server without a socket between them: QoS 1, acknowledged after the commit, with last wills. */
import type { Link, Receive } from '../mqtt/link.ts'
import type { Connect, LinkOptions, Publication } from '../simulator/vehicles/link.ts'
import { mayPublish, readTopic } from '../vehicle/topics.ts'
import type { VirtualTime } from './virtual-time.ts'

export interface InProcessBroker {
  /** For the server. */
  link(receive: Receive): Link
  /** For the vehicles. */
  connect: Connect
}

/** How long anything takes on its way, simulated ms. */
const LATENCY_MS = 200

export function createInProcessBroker({
  scheduler,
  hold,
}: Pick<VirtualTime, 'scheduler' | 'hold'>): InProcessBroker {
  const devices = new Map<string, LinkOptions>()
  let take: Receive | null = null

  /** @returns whether the server has it */
  async function deliver(vehicle: string, { topic, payload, retain }: Publication): Promise<boolean> {
    if (!take || !mayPublish(vehicle, topic)) return false
    try {
      await take({ topic, payload: Buffer.from(payload), retain })
      return true
    } catch {
      // Not taken: it stays with its sender, who sends it again.
      return false
    }
  }

  const connect: Connect = options => {
    const { vehicle, will } = options
    let open = false
    let ended = false
    const later = (task: () => void) => scheduler.after(LATENCY_MS, () => !ended && task())
    function end() {
      ended = true
      if (open) devices.delete(vehicle)
    }
    later(() => {
      open = true
      devices.set(vehicle, options)
      options.onOpen()
    })
    return {
      publish(publication, acknowledged) {
        if (ended) return
        void hold(deliver(vehicle, publication)).then(taken => taken && !ended && acknowledged())
      },
      subscribe: (_topics, subscribed) => void later(subscribed),
      close: end,
      destroy() {
        if (ended) return
        end()
        if (open) void hold(deliver(vehicle, will))
      },
    }
  }

  return {
    connect,
    link: receive => ({
      kind: 'embedded',
      connected: true,
      get connections() {
        return devices.size
      },
      port: null,
      url: '',
      async start() {
        take = receive
      },
      async publish(topic, payload) {
        const to = devices.get(readTopic(topic)?.vehicle ?? '')
        if (to)
          scheduler.after(LATENCY_MS, () => devices.get(to.vehicle) === to && to.onMessage(topic, payload))
      },
      async stop() {
        take = null
      },
    }),
  }
}
