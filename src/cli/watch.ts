/** `twinloop watch`. */
import type { PoolStatus, PoolsFrame } from '../client/index.ts'
import { type Command, urlHelp } from './command.ts'
import { signalCode } from './exit.ts'
import { isColourful, type StopSignal } from './outside.ts'
import { plain, poolTable } from './table.ts'

export const watchCommand: Command = {
  summary: 'show the pools, live',
  help: `Shows the pools and keeps them up to date until Ctrl-C. Where the output is no terminal, it is one line a change.

Usage: twinloop watch [options]

  --json                print each state as a line of JSON
${urlHelp}`,
  options: ['json'],
  takes: [],
  async run(client, { json }, outside) {
    const { out, err } = outside
    const stop = new AbortController()
    let stoppedBy: StopSignal | null = null
    const off = outside.onSignal(signal => {
      stoppedBy = signal
      stop.abort()
    })
    const tell = json ? jsonLines : isColourful(out, outside) ? screen() : changedPools()
    try {
      const frames = client.watch({
        signal: stop.signal,
        onConnection: state =>
          state === 'reconnecting' && err.write('twinloop: the connection is lost; trying again\n'),
      })
      for await (const frame of frames) out.write(tell(frame))
    } finally {
      off()
    }
    return stoppedBy === null ? 0 : signalCode(stoppedBy)
  },
}

const jsonLines = (frame: PoolsFrame) => `${JSON.stringify(frame)}\n`

/** Draws each state over the one before. */
function screen(): (frame: PoolsFrame) => string {
  let lines = 0
  return ({ pools, open_borrows, at }) => {
    const up = lines === 0 ? '' : `\u001b[${lines}A\u001b[J`
    const text = `${poolTable(pools, true)}${open_borrows} held in all, ${plain(at)}; Ctrl-C ends\n`
    lines = text.split('\n').length - 1
    return up + text
  }
}

/** A line for each pool that is not as it was. */
function changedPools(): (frame: PoolsFrame) => string {
  const told = new Map<string, string>()
  return ({ pools, at }) =>
    pools
      .map(pool => ({ tool: pool.tool, text: line(pool) }))
      .filter(({ tool, text }) => {
        const isNew = told.get(tool) !== text
        told.set(tool, text)
        return isNew
      })
      .map(({ text }) => `${plain(at)} ${text}\n`)
      .join('')
}

const line = ({ tool, borrowed, total, free, overage }: PoolStatus) =>
  `${plain(tool)} held=${borrowed}/${total} free=${free} overage=${overage}`
