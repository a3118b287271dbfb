/** How the server talks MQTT, whoever runs the broker. */

/** A message that came. It is acknowledged to its sender when `receive` resolved, not before. */
export interface Message {
  topic: string
  payload: Buffer
  retain: boolean
}
/** Takes a message over: resolves when it is durable. A rejection leaves it with its sender, who sends it again. */
export type Receive = (message: Message) => Promise<void>

export interface Link {
  readonly kind: 'embedded' | 'remote'
  readonly connected: boolean
  /** Devices that are connected; null: another broker does not tell. */
  readonly connections: number | null
  /** Where the embedded broker listens, once it does; null: it is another's. */
  readonly port: number | null
  /** Where devices on this machine connect; empty: nowhere. */
  readonly url: string
  start(): Promise<void>
  /** Sends with QoS 1. @throws Failure `broker_away` when there is no connection: nothing is queued */
  publish(topic: string, payload: string): Promise<void>
  /** Takes no more messages; what was taken is acknowledged when it is durable. */
  stop(): Promise<void>
}

/** The broker as a feature sees it: whoever made it starts it last and stops it first. */
export type BrokerPort = Omit<Link, 'start' | 'stop'>
