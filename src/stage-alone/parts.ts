/** What each stage that runs alone is handed, and what all share. */
import type { Config } from '../config/config.ts'
import type { EstateEvents } from '../estate/index.ts'
import { estatePassword } from '../machine/credentials.ts'
import type { StageReport } from '../machine/notices.ts'
import type { Logger } from '../observability/logger.ts'
import type { Clock } from '../shared/clock.ts'

export interface AloneParts {
  config: Config
  clock: Clock
  log: Logger
  events: EstateEvents
  /** The secret that passwords at the broker come from. */
  key: string
  /** Told each report of the stage. */
  reported: (report: StageReport) => void
}
export interface Alone {
  /** Resolves when what is under way is durable. */
  stop(): Promise<void>
}
export type Begin = (parts: AloneParts) => Promise<Alone>

/** The broker, and who this is there. */
export function accountAt({ config, key }: Pick<AloneParts, 'config' | 'key'>, client: string) {
  const { broker } = config.fleet
  const clientId = config.estate.alone.name === null ? client : `${client}-${config.estate.alone.name}`
  if (broker.kind === 'embedded')
    return {
      url: `mqtt://127.0.0.1:${broker.port}`,
      clientId,
      user: clientId,
      password: estatePassword(key, clientId),
    }
  return {
    url: broker.url,
    clientId,
    user: broker.user ?? clientId,
    password: broker.password ?? estatePassword(key, clientId),
  }
}
