/** The word for the health score: by the same thresholds that name its parts, so that it never contradicts them. */
import type { EstateFrame } from '../../estate/api/pipeline.ts'
import { type Level, levelOf, levelWords, successLevel, thresholds } from './levels.ts'
import { counted, percent, whole } from './words.ts'

/** What the score is made of; its formula is the source system's, and no page's to choose. */
export const MADE_OF =
  'A quarter each for free CPU, free memory, free disk and success, less 5 for each critical server, at most 20. Machines that work use something: with half of everything used it is 62.5.'

/** Of all servers: one that is critical is worth a look, a tenth of them is more than that. */
const CRITICAL_SHARE = 0.1

const words: Record<Level, string> = {
  good: 'Healthy',
  fair: 'Needs a look',
  poor: 'Unhealthy',
  unknown: 'Unknown: no data',
}

const criticalLevel = ({ critical, total }: { critical: number; total: number }): Level =>
  critical === 0 ? 'good' : critical < CRITICAL_SHARE * total ? 'fair' : 'poor'

/**
 * The level of the worst part, and which parts are not normal. The number alone cannot tell: with CPU, memory, disk
 * and success all just normal (70, 80, 70, 99 %) it is 44.75, and an idle estate with a full disk has more. Four
 * critical servers take as many points of a thousand servers as of ten, so for the word their share counts.
 */
export function healthWords({ health, summary }: Pick<EstateFrame, 'health' | 'summary'>): {
  level: Level
  word: string
  why: string
} {
  if (health.score === null) return { level: 'unknown', word: words.unknown, why: '' }
  const { servers, services } = summary
  const used = (name: string, value: number | null, key: keyof typeof thresholds) => {
    const level = levelOf(value, thresholds[key])
    return { level, why: `${name} is ${levelWords[level]}.` }
  }
  const parts = [
    used('CPU', servers.avg_cpu, 'cpu'),
    used('Memory', servers.avg_memory, 'memory'),
    used('Disk', servers.avg_disk, 'disk'),
    {
      level: successLevel(services.avg_success_rate),
      why: `${percent(services.avg_success_rate)} of requests succeed.`,
    },
    {
      level: criticalLevel(servers),
      why: `${whole(servers.critical)} of ${counted(servers.total, 'server')} ${servers.critical === 1 ? 'is' : 'are'} critical.`,
    },
  ]
  const odd = parts.filter(part => part.level === 'fair' || part.level === 'poor')
  if (odd.length > 0) {
    const level = odd.some(part => part.level === 'poor') ? 'poor' : 'fair'
    return { level, word: words[level], why: odd.map(part => part.why).join(' ') }
  }
  const isAllKnown = parts.every(part => part.level === 'good')
  const why = isAllKnown ? 'CPU, memory, disk and success are normal.' : 'What is known of it is normal.'
  return { level: 'good', word: words.good, why }
}
