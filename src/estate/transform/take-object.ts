/** One object of the lake: each line counted or set aside, and the object written down as taken. */
import { type ResourceKind, sampleTopic } from '../../machine/topics.ts'
import { type DeadLetterReason, deadLetterReasons, type ObjectTaken, type ObjectToTake } from '../commands.ts'
import { type ObjectKind, readKey } from '../lake/object-key.ts'
import { judge, type SetAside, type Times } from './judge.ts'
import type { ObjectStore } from './object-store.ts'
import { type Line, readObject, receivedAtOf } from './read-object.ts'
import { longestKeepMs, type TransformSettings } from './settings.ts'
import type { WorkingSet } from './working-set.ts'

export interface Parts {
  store: ObjectStore
  set: WorkingSet
  settings: TransformSettings
}
/** What becomes of an object. */
interface Tally {
  samples: number
  duplicates: number
  dead: Map<DeadLetterReason, number>
  firstDead: number | null
  liveAt: number | null
}
interface Context extends Parts {
  key: string
  /** Of the transaction, Unix ms. */
  now: number
  tally: Tally
}

/** What came so long after it was measured was not sent as it happened. */
const LIVE_MS = 60_000
const DETAIL_MAX = 200

/** @throws Error when no object has such a name */
export const takeObject = ({ key, body, problem }: ObjectToTake, now: number, parts: Parts): ObjectTaken =>
  once(key, now, parts, (kind, context) => {
    const lines = readObject(body)
    if (!lines) return 'damaged'
    if (kind === 'dead') for (const line of lines) keepDead(line, context)
    else countSamples(lines, kind, context)
    if (problem !== undefined) setAside({ dead: 'malformed_json', detail: problem }, context)
    return null
  })

/** Writes down an object that breaks whoever takes it. @throws Error when no object has such a name */
export const setObjectAside = (key: string, detail: string, now: number, parts: Parts): ObjectTaken =>
  once(key, now, parts, (_, context) => {
    setAside({ dead: 'fault', detail }, context)
    return null
  })

function once(
  key: string,
  now: number,
  parts: Parts,
  count: (kind: ObjectKind, context: Context) => ObjectTaken['refused'],
): ObjectTaken {
  const { store } = parts
  const nothing = { isNew: false, refused: null, samples: 0, duplicates: 0, dead: [], delayMs: null }
  const named = readKey(key)
  if (!named) throw new Error(`${key} is no object of samples`)
  if (named.hour >= (store.forgettingFrom() ?? Infinity)) return { ...nothing, refused: 'forgetting' }
  if (store.isTaken(key)) return nothing
  const tally: Tally = { samples: 0, duplicates: 0, dead: new Map(), firstDead: null, liveAt: null }
  const refused = count(named.kind, { ...parts, key, now, tally })
  if (refused) return { ...nothing, refused }
  const { samples, duplicates, firstDead, liveAt } = tally
  const dead = [...tally.dead].map(([reason, count]) => ({ reason, count }))
  const deadCount = dead.reduce((sum, { count }) => sum + count, 0)
  store.add(key, { samples, duplicates, dead: deadCount, firstDead }, now)
  const delayMs = liveAt === null ? null : Math.max(0, now - liveAt)
  return { isNew: true, refused: null, samples, duplicates, dead, delayMs }
}

function countSamples(lines: Iterable<Line>, kind: ResourceKind, context: Context) {
  const { set, settings, now, tally } = context
  const keeps = { longestKeepMs: longestKeepMs(settings), unnumberedKeepMs: settings.lakeKeepMs }
  const times: Times = { now, ...keeps }
  const topic = sampleTopic(kind)
  for (const line of lines) {
    if ('problem' in line) {
      setAside({ dead: 'malformed_json', detail: line.problem }, context, { topic, payload: line.text })
      continue
    }
    const receivedAt = receivedAtOf(line.read, now)
    const judged = judge(kind, line.read.sample, receivedAt, times)
    const fate = 'dead' in judged ? judged : set.add(judged, now)
    if (fate === 'duplicate') tally.duplicates++
    else if (fate === 'new') {
      tally.samples++
      const { at } = judged as { at: number }
      if (receivedAt - at <= LIVE_MS) tally.liveAt = Math.max(tally.liveAt ?? at, at)
    } else {
      const payload = JSON.stringify(line.read.sample) ?? line.text
      setAside(fate, context, { topic, payload, receivedAt })
    }
  }
}

/** What the ingestion could not read was kept with its reason. */
function keepDead(line: Line, context: Context) {
  if ('problem' in line || typeof line.read.payload !== 'string') {
    const detail = 'problem' in line ? line.problem : 'no dead letter'
    setAside({ dead: 'malformed_json', detail }, context, { payload: line.text })
    return
  }
  const { topic, reason, detail, payload } = line.read
  const dead = deadLetterReasons.find(known => known === reason) ?? 'fault'
  const receivedAt = receivedAtOf(line.read, context.now)
  setAside({ dead, detail: String(detail) }, context, { topic: String(topic), payload, receivedAt })
}

/** @param of what is not said is of the object as a whole */
function setAside(
  { dead, detail }: SetAside,
  { store, tally, key, now }: Context,
  of: { topic?: string; payload?: string; receivedAt?: number } = {},
) {
  const { topic = 'estate/object', payload = key, receivedAt = now } = of
  tally.firstDead ??= store.nextDeadLetter()
  tally.dead.set(dead, (tally.dead.get(dead) ?? 0) + 1)
  store.addDeadLetter({ receivedAt, topic, reason: dead, detail: detail.slice(0, DETAIL_MAX), payload })
}
