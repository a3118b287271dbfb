import type { ScoreReport } from './score.ts'

const share = (value: number | null) => (value === null ? '   –' : value.toFixed(2).padStart(4))
const seconds = (value: number | null) => (value === null ? '–' : `${Math.round(value)} s`)

/** What was found of what was broken, for people. @param hours that were simulated */
export function scoreTable({ score, falseAlarms, missed, rounds }: ScoreReport, hours: number): string {
  const rows = score.by_kind.map(
    ({ kind, faults, found, recall, median_delay_seconds: delay }) =>
      `  ${kind.padEnd(20)} ${String(faults).padStart(6)} ${String(found).padStart(6)}   ${share(recall)}   ${seconds(delay).padStart(7)}`,
  )
  const alarms = falseAlarms.slice(0, 10).map(({ sentence }) => `  ${sentence}`)
  const misses = missed.slice(0, 10).map(({ kind, resource }) => `  ${kind} of ${resource}`)
  return [
    `Detectors against ${score.faults} injected faults in ${hours} simulated hours`,
    '',
    '  kind                 faults  found  recall   median delay',
    ...rows,
    '',
    `  precision ${share(score.precision)} (${score.false_alarms} false alarms)   recall ${share(score.recall)}   delay: median ${seconds(score.delay_seconds.median)}, 90 % within ${seconds(score.delay_seconds.p90)}`,
    `  a round of the analysis: mean ${rounds.meanMs.toFixed(0)} ms, slowest ${rounds.maxMs.toFixed(0)} ms`,
    ...(alarms.length > 0 ? ['', 'False alarms:', ...alarms] : []),
    ...(misses.length > 0 ? ['', 'Not found:', ...misses] : []),
    '',
  ].join('\n')
}
