/** The command line in this process: what was typed against a whole server, and what came of it. */
import type { Outside, StopSignal } from '../../src/cli/outside.ts'
import { runCommandLine } from '../../src/cli/run.ts'
import { networkOf, SERVER, virtualTime } from '../client/virtual.ts'
import type { World } from '../support/world.ts'

export function terminal(world: World, changes: Partial<Outside> = {}) {
  const network = networkOf(world)
  const time = virtualTime(world.clock)
  const { now, sleep, random } = time
  const text = { out: '', err: '' }
  const screen = (name: 'out' | 'err') => ({
    write(piece: string) {
      text[name] += piece
    },
  })
  const handlers = new Set<(signal: StopSignal) => void>()
  const outside: Outside = {
    env: { PATH: process.env.PATH, TWINLOOP_URL: SERVER },
    version: '1.2.3',
    loginName: () => 'alice',
    out: screen('out'),
    err: screen('err'),
    hasTerminal: false,
    onSignal(handler) {
      handlers.add(handler)
      return () => void handlers.delete(handler)
    },
    clientOptions: { fetch: network.fetch, now, sleep, random },
    ...changes,
  }
  return {
    network,
    time,
    handlers,
    /** Sends this process a signal. */
    signal(signal: StopSignal) {
      for (const handler of [...handlers]) handler(signal)
    },
    /** @returns the exit code and what was written */
    async type(...argv: string[]) {
      text.out = ''
      text.err = ''
      return { code: await runCommandLine(argv, outside), ...text }
    },
    text,
  }
}

/** A command that runs some JavaScript. */
export const node = (script: string) => ['--', process.execPath, '-e', script]
