/** Pools as a table for people. Pure. */
import type { PoolStatus } from '../client/index.ts'

const RED = 31
const YELLOW = 33

/** @param colourful whether escape sequences are understood there @returns lines, each with its end */
export function poolTable(pools: readonly PoolStatus[], colourful: boolean): string {
  const rows = pools.map(pool => [
    { text: plain(pool.tool) },
    { text: `${pool.borrowed}/${pool.total}` },
    { text: String(pool.free), colour: pool.free === 0 ? RED : undefined },
    { text: `${pool.overage}/${pool.max_overage}`, colour: pool.overage > 0 ? YELLOW : undefined },
    { text: duration(pool.lease_ttl_seconds) },
    { text: `${pool.total_cost.toFixed(2)} ${plain(pool.currency)}` },
  ])
  const head = ['TOOL', 'HELD', 'FREE', 'OVERAGE', 'LEASE', 'COST'].map(text => ({ text }))
  const widths = head.map((_cell, column) =>
    Math.max(...[head, ...rows].map(row => row[column]?.text.length ?? 0)),
  )
  const line = (row: { text: string; colour?: number | undefined }[]) =>
    row
      .map(({ text, colour }, column) => {
        const width = widths[column] ?? 0
        // Numbers end at the same place, names begin there.
        const padded = column === 0 ? text.padEnd(width) : text.padStart(width)
        return colourful && colour ? `\u001b[${colour}m${padded}\u001b[39m` : padded
      })
      .join('  ')
      .trimEnd()
  return [head, ...rows].map(row => `${line(row)}\n`).join('')
}

/** Text that cannot steer a terminal, whatever a server sends. */
export const plain = (text: string): string => text.replaceAll(/\p{Cc}/gu, '?')

/** @param seconds of a lease; 0: none */
function duration(seconds: number): string {
  if (seconds === 0) return 'none'
  if (seconds % 3600 === 0) return `${seconds / 3600} h`
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`
}
