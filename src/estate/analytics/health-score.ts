/** How the estate feels, in one number: the source system's weights, with each critical server counted once. */
import { round2 } from './robust.ts'

/** Means over the servers of now, in percent; null: there is no data. */
export interface HealthInput {
  cpu: number | null
  memory: number | null
  disk: number | null
  /** Of all requests, in percent. */
  success: number | null
  criticalServers: number
}

export interface Contributor {
  part: 'cpu' | 'memory' | 'disk' | 'success' | 'critical_servers'
  /** Of the 100 that it takes away. */
  points: number
  sentence: string
}

export interface HealthScore {
  /** 0 to 100; null: unknown, because one of the four is. */
  score: number | null
  /** The three that take most away, most first; what takes nothing is not among them. */
  contributors: Contributor[]
}

const WEIGHT = 0.25
const POINTS_PER_CRITICAL = 5
const CRITICAL_POINTS_MAX = 20
const CONTRIBUTORS_MAX = 3

const clamp = (value: number) => Math.min(100, Math.max(0, value))
const taken = (used: number) => WEIGHT * clamp(used)

/** A quarter each of free CPU, free memory, free disk and success; minus 5 for each critical server, at most 20. */
export function healthScore({ cpu, memory, disk, success, criticalServers }: HealthInput): HealthScore {
  if (cpu === null || memory === null || disk === null || success === null)
    return { score: null, contributors: [] }
  const critical = Math.min(CRITICAL_POINTS_MAX, POINTS_PER_CRITICAL * Math.max(0, criticalServers))
  const used = (what: string, percent: number) => `${what} is at ${round2(percent)} % on average`
  const parts: Contributor[] = [
    { part: 'cpu', points: taken(cpu), sentence: used('CPU', cpu) },
    { part: 'memory', points: taken(memory), sentence: used('Memory', memory) },
    { part: 'disk', points: taken(disk), sentence: used('Disk', disk) },
    {
      part: 'success',
      points: taken(100 - success),
      sentence: `${round2(100 - success)} % of requests fail`,
    },
    {
      part: 'critical_servers',
      points: critical,
      sentence: criticalServers === 1 ? '1 server is critical' : `${criticalServers} servers are critical`,
    },
  ]
  const lost = parts.reduce((sum, { points }) => sum + points, 0)
  return {
    score: round2(clamp(100 - lost)),
    contributors: parts
      .map(part => ({ ...part, points: round2(part.points) }))
      .filter(({ points }) => points > 0)
      .sort((a, b) => b.points - a.points)
      .slice(0, CONTRIBUTORS_MAX)
      .map(part => ({
        ...part,
        sentence: `${part.sentence}: ${part.points} ${part.points === 1 ? 'point' : 'points'} less.`,
      })),
  }
}
