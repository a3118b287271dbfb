/** What the command line needs of the process that it runs in. */
import type { ClientOptions } from '../client/index.ts'

export const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
export type StopSignal = (typeof stopSignals)[number]

/** A stream for people or programs. */
export interface Screen {
  write(text: string): unknown
  isTTY?: boolean | undefined
}

export interface Outside {
  env: Readonly<Record<string, string | undefined>>
  version: string
  /** The name of whoever is logged in; null: not known. */
  loginName(): string | null
  /** Results. */
  out: Screen
  /** Everything else. */
  err: Screen
  /** Whether a person's terminal is the input: it sends Ctrl-C to every process in the foreground by itself. */
  hasTerminal: boolean
  /** @returns stops listening */
  onSignal(handler: (signal: StopSignal) => void): () => void
  /** What tests replace. */
  clientOptions?: Partial<ClientOptions>
}

/** Whether colours and a redrawn screen are wanted there (see no-color.org). */
export const isColourful = ({ isTTY }: Screen, { env }: Outside): boolean =>
  isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb'
