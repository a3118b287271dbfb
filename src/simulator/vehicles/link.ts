/** How a vehicle is joined to a broker. What carries it is handed in: MQTT, or a broker that a test makes up. */

export interface Publication {
  topic: string
  payload: string
  retain: boolean
}

/** Why a connection ended or was not made. `refused`: the broker does not take the password. */
export type LinkEnd = { kind: 'refused' | 'lost'; message: string }

export interface LinkOptions {
  /** Client id and user name at once. */
  vehicle: string
  password: string
  /** What the broker says when the vehicle is gone without a word. */
  will: Publication
  onOpen: () => void
  onMessage: (topic: string, payload: string) => void
  /** Once, however it ended. */
  onEnd: (end: LinkEnd) => void
}

/** One connection; another is made for another attempt. */
export interface DeviceLink {
  /** QoS 1. @param acknowledged called when the broker has it; never when the connection ends before */
  publish(publication: Publication, acknowledged: () => void): void
  /** QoS 1. @param subscribed called when they are granted */
  subscribe(topics: readonly string[], subscribed: () => void): void
  /** Says goodbye: the broker does not send the last will. */
  close(): void
  /** Without a word, as when coverage is lost: the broker sends the last will. */
  destroy(): void
}

export type Connect = (options: LinkOptions) => DeviceLink
