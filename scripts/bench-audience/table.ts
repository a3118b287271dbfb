import type { Part } from './beside.ts'
import type { PhonesFigures, ReturnFigures } from './phones.ts'
import { cpuPercent } from './server-cost.ts'

export interface Parts {
  alone: Part<void>
  full: Part<PhonesFigures>
  held: Part<PhonesFigures>
  packed: Part<PhonesFigures>
  returned: Part<ReturnFigures>
}

const shown = (ms: number) => (Number.isNaN(ms) ? '-' : ms.toFixed(1))

/** Prints the parts side by side. */
export function printTable(
  { alone, full, held, packed, returned }: Parts,
  { phones, idle, seconds }: { phones: number; idle: number; seconds: number },
  print: (text?: string) => void,
): void {
  const row = (name: string, ...figures: string[]) =>
    print(`${name.padEnd(38)}${figures.map(figure => figure.padStart(14)).join('')}`)
  const columns = [alone, full, held, packed, returned]
  row('', 'borrows alone', `${phones} phones`, `${idle} idle`, `${idle} phones`, `${phones} return`)
  const streams = (name: string, of: (figures: PhonesFigures) => string) =>
    row(name, '', of(full.did), of(held.did), of(packed.did))
  streams('connected', ({ connected }) => String(connected))
  streams('frames received a second', ({ frames }) => (frames / seconds).toFixed(0))
  streams('bytes a second for each', ({ bytes, connected }) => (bytes / seconds / connected).toFixed(0))
  streams('frames missed by a phone', ({ missed }) => String(missed))
  streams('frame: first to last phone, p50 ms', ({ spreadP50 }) => shown(spreadP50))
  streams('frame: first to last phone, p99 ms', ({ spreadP99 }) => shown(spreadP99))
  row('borrow p50 ms', ...columns.map(({ borrows }) => shown(borrows.p50)))
  row('borrow p95 ms', ...columns.map(({ borrows }) => shown(borrows.p95)))
  row('borrow p99 ms', ...columns.map(({ borrows }) => shown(borrows.p99)))
  row('borrow slowest ms', ...columns.map(({ borrows }) => shown(borrows.max)))
  row('borrows not granted', ...columns.map(({ borrows }) => String(borrows.failed)))
  row('server CPU, % of one core', ...columns.map(({ from, to }) => cpuPercent(from, to).toFixed(0)))
  row('server memory, MB', ...columns.map(({ to }) => to.megabytes.toFixed(0)))
  print()
}
