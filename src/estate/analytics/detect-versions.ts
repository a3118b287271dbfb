/**
 * What is out of order with a service: its errors and its answers' times. Instances of one version are one group with
 * one vote each, and the median of the votes counts: what a version broke is one anomaly of that version, not one of
 * each instance, and what one instance says (or how often it says it) does not move its group. Pure.
 */
import { type KOfN, type Standing, standing, usualKOfN } from './k-of-n.ts'
import { median } from './robust.ts'
import { type Aspect, causeOf, type Symptom } from './symptom.ts'
import { judgeErrors, judgeLatency, type Verdict, type Vote } from './votes.ts'
import type { Watched } from './window.ts'

type Measured = 'errors' | 'latency'

interface Group {
  version: string | null
  members: Set<Watched>
  /** Votes by number of the slot. */
  slots: Map<number, Vote[]>
}

/** @param watched instances of one service (or its containers, where nobody speaks for instances) */
export function detectOnService(
  service: string,
  watched: readonly Watched[],
  wasOpen: (cause: string) => boolean,
  rule: KOfN = usualKOfN,
): Symptom[] {
  const slotMs = Math.max(1000, median(watched.map(({ resource }) => resource.intervalMs)))
  return (['errors', 'latency'] as const).flatMap(metric => {
    const groups = groupsOf(watched, metric, slotMs)
    const shared = ofGroups(service, groups, metric, wasOpen, rule)
    return shared.length > 0 ? shared : ofSingles(watched, metric, slotMs, wasOpen, rule)
  })
}

interface Judged {
  group: Group
  slots: number[]
  verdicts: Verdict[]
  standing: Standing
  /** It may be about to fire. */
  leans: boolean
}

function ofGroups(
  service: string,
  groups: Group[],
  metric: Measured,
  wasOpen: (cause: string) => boolean,
  rule: KOfN,
): Symptom[] {
  const subject = (version: string | null) => ({ kind: 'service' as const, name: service, version })
  const isWideOpen = wasOpen(causeOf(subject(null), metric))
  const judged = groups.map(group => {
    const isOpen = isWideOpen || (group.version !== null && wasOpen(causeOf(subject(group.version), metric)))
    return judge(group, groups, metric, isOpen, rule)
  })
  const open = judged.filter(one => one.standing.isOpen)
  if (open.length === 0) return []
  const tell = (ones: Judged[], version: string | null) =>
    symptomOf(ones, metric, rule, subject(version), {
      region: null,
      service,
      version,
    })
  const isWide = isWideOpen || (groups.length > 1 && judged.every(one => one.leans))
  if (isWide) return [tell(open, null)]
  return open.map(one => tell([one], one.group.version))
}

/** Each instance by itself, where its group is in order. */
function ofSingles(
  watched: readonly Watched[],
  metric: Measured,
  slotMs: number,
  wasOpen: (cause: string) => boolean,
  rule: KOfN,
): Symptom[] {
  return watched.flatMap(one => {
    const { kind, name } = one.resource
    const isOpen = wasOpen(causeOf({ kind, name }, metric))
    if (!isOpen && !mayStandOut(one, metric)) return []
    const [group] = groupsOf([{ ...one, series: { ...one.series, version: [] } }], metric, slotMs)
    if (!group) return []
    const judged = judge(group, [group], metric, isOpen, rule)
    if (!judged.standing.isOpen) return []
    return [symptomOf([judged], metric, rule, { kind, name }, one.resource)]
  })
}

/** Cheap, so that few are looked at closely. */
const mayStandOut = ({ series, baseline }: Watched, metric: Measured): boolean => {
  const at = series.at.at(-1)
  const usual = at === undefined ? null : (baseline?.usual(metric, at)?.center ?? null)
  return series[metric].some(value => (metric === 'errors' ? value > 3 : usual !== null && value > 2 * usual))
}

function groupsOf(watched: readonly Watched[], metric: Measured, slotMs: number): Group[] {
  const groups = new Map<string | null, Group>()
  for (const one of watched) {
    const { series, resource, baseline } = one
    for (const [i, at] of series.at.entries()) {
      const value = series[metric][i] as number
      if (Number.isNaN(value)) continue
      const version = series.version[i] ?? resource.version
      let group = groups.get(version)
      if (!group) {
        group = { version, members: new Set(), slots: new Map() }
        groups.set(version, group)
      }
      group.members.add(one)
      const slot = Math.floor(at / slotMs)
      const votes = group.slots.get(slot) ?? []
      const vote = { of: resource.id, at, value, usual: baseline?.usual(metric, at) ?? null }
      const place = votes.findIndex(({ of }) => of === resource.id)
      if (place < 0) votes.push(vote)
      else votes[place] = vote
      group.slots.set(slot, votes)
    }
  }
  return [...groups.values()]
}

function judge(
  group: Group,
  groups: readonly Group[],
  metric: Measured,
  isOpen: boolean,
  rule: KOfN,
): Judged {
  const slots = wholeSlots(group)
  const others = (slot: number) =>
    groups.flatMap(other => (other === group ? [] : (other.slots.get(slot) ?? []).map(({ value }) => value)))
  const verdicts = slots.map(slot => {
    const votes = group.slots.get(slot) ?? []
    return metric === 'errors' ? judgeErrors(votes, others(slot)) : judgeLatency(votes, others(slot))
  })
  const out = verdicts.map(({ isOut }) => isOut)
  const recent = out.slice(-rule.n).filter(Boolean).length
  return { group, slots, verdicts, standing: standing(out, isOpen, rule), leans: recent >= rule.k - 1 }
}

/** In order; the newest only when most of the group has spoken in it. */
function wholeSlots({ slots }: Group): number[] {
  const numbers = [...slots.keys()].sort((a, b) => a - b)
  const size = (place: number) => slots.get(numbers.at(place) ?? 0)?.length ?? 0
  if (numbers.length > 1 && size(-1) * 2 < size(-2)) numbers.pop()
  return numbers
}

function symptomOf(
  judged: readonly Judged[],
  metric: Aspect & Measured,
  rule: KOfN,
  subject: Symptom['subject'],
  resource: Symptom['resource'],
): Symptom {
  const told = judged.map(newestOut)
  const worst = told.reduce((a, b) => (b.value > a.value ? b : a))
  const above = judged.some(
    ({ verdicts }) =>
      standing(
        verdicts.map(one => one.isAbove),
        false,
        rule,
      ).isOpen,
  )
  const isSpike = metric === 'errors' && above
  const since = judged.flatMap(({ group, slots, standing }) =>
    standing.since === null
      ? []
      : (group.slots.get(slots[standing.since] as number) ?? []).map(({ at }) => at),
  )
  return {
    type: metric === 'latency' ? 'latency_shift' : isSpike ? 'error_spike' : 'error_rise',
    detector: isSpike ? 'threshold' : worst.against,
    severity: isSpike ? 'critical' : 'high',
    subject,
    resource,
    metric,
    value: worst.value,
    expected: worst.expected,
    resources: judged.reduce((sum, one) => sum + one.group.members.size, 0),
    since: since.length > 0 ? Math.min(...since) : null,
  }
}

/** Or the newest, where none is out of order. */
const newestOut = ({ verdicts }: Judged): Verdict =>
  verdicts.findLast(({ isOut }) => isOut) ?? (verdicts.at(-1) as Verdict)
