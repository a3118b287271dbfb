/** What an anomaly is, in a sentence for people. Times are UTC. */
import { rfc3339 } from '../../shared/clock.ts'
import type { AnomalyType, Symptom } from './symptom.ts'

type Told = Pick<Symptom, 'type' | 'subject' | 'value' | 'expected' | 'resources'> & { since: number }

const percent = (value: number) => `${value >= 10 ? Math.round(value) : Math.round(value * 10) / 10} %`
const ms = (value: number) => `${value >= 10 ? Math.round(value) : Math.round(value * 10) / 10} ms`
const usually = ({ expected }: Told, text: (value: number) => string, when: string) =>
  expected === null ? '' : `; ${when} it is usually ${text(expected)}`
const atThisHour = 'at this hour'

const words: Record<AnomalyType, (told: Told) => string> = {
  cpu_spike: told => `uses ${percent(told.value)} CPU${usually(told, percent, atThisHour)}`,
  cpu_unusual: told => `uses ${percent(told.value)} CPU${usually(told, percent, atThisHour)}`,
  memory_pressure: told => `uses ${percent(told.value)} of its memory${usually(told, percent, atThisHour)}`,
  memory_unusual: told => `uses ${percent(told.value)} of its memory${usually(told, percent, atThisHour)}`,
  memory_drift: told =>
    `uses ${percent(told.value)} of its memory and ever more${usually(told, percent, atThisHour)}`,
  disk_filling: told =>
    `fills its disk: ${percent(told.value)}${told.expected === null ? '' : `, from ${percent(told.expected)} in the hours before`}`,
  error_spike: told => `fails ${percent(told.value)} of requests${usually(told, percent, atThisHour)}`,
  error_rise: told => `fails ${percent(told.value)} of requests${usually(told, percent, atThisHour)}`,
  latency_shift: told => `answers in ${ms(told.value)}${usually(told, ms, atThisHour)}`,
  heartbeat_missing: told => `has sent nothing for ${told.value} s; it should every ${told.expected ?? 30} s`,
  restart_loop: told => `restarted ${told.value} times within 10 minutes`,
}

/** For example: "server-0042 uses 97 % CPU; at this hour it is usually 41 % (since 10:42 UTC)" */
export function sentenceOf(told: Told): string {
  const { name, version } = told.subject
  const who = version ? `${name} ${version}` : name
  const on = told.resources > 1 ? ` on ${told.resources} instances` : ''
  const since = rfc3339(told.since).slice(11, 16)
  return `${who} ${words[told.type](told)}${on} (since ${since} UTC)`
}
