/** How a campaign goes on: pause, next wave, end. */
import type { PauseRule } from './api.ts'
import type { WaveCounts } from './count-store.ts'
import { finish } from './finish.ts'
import { pause } from './pause.ts'
import type { Campaign } from './schema.ts'
import { openWave } from './start.ts'
import { isOverErrors, judgeWave, sampleNeeded, type Verdict } from './thresholds.ts'
import type { Work } from './work.ts'

const sum = (counts: WaveCounts[], field: Exclude<keyof WaveCounts, 'wave'>) =>
  counts.reduce((total, wave) => total + wave[field], 0)

/** Applies the rules to a running campaign. It may be paused or finished afterwards. */
export function evaluate(work: Work, campaign: Campaign): void {
  const { store, deciding } = work
  const { settings } = campaign
  const counts = store.waveCounts(campaign.row, campaign.round)
  const isSettled = sum(counts, 'settled') === sum(counts, 'planned')
  const rule = ruleBroken(campaign, counts)
  if (rule) {
    pause(work, campaign, { rule: rule.rule, detail: withReasons(work, campaign, rule.detail) })
    return
  }
  for (const wave of store.waves(campaign.row)) {
    if (wave.wave < campaign.currentWave) continue
    if (wave.state === 'soaking') {
      if (!isSettled && deciding.now < (wave.soakUntil ?? 0)) return
    } else {
      const isLast = wave.wave === settings.waves.length
      if (judge(campaign, counts, wave.wave) === 'waits' || (isLast && !isSettled)) return
      if (!isSettled && wave.planned > 0 && settings.soak_seconds > 0) {
        const soakUntil = deciding.now + settings.soak_seconds * 1000
        store.saveWave({ ...wave, state: 'soaking', soakUntil })
        return
      }
    }
    store.saveWave({ ...wave, state: 'done', finishedAt: deciding.now })
    if (isSettled) break
    openWave(work, campaign, wave.wave + 1)
  }
  finish(work, campaign, isOverdue(work, campaign) ? 'deadline' : 'completed')
}

const none = { planned: 0, settled: 0, blocked: 0, succeeded: 0, failed: 0 }

function judge({ settings }: Campaign, counts: WaveCounts[], wave: number): Verdict {
  const of = counts.find(count => count.wave === wave) ?? none
  return judgeWave({ ...of, ended: of }, wave === settings.waves.length, settings)
}

function ruleBroken(
  campaign: Campaign,
  counts: WaveCounts[],
): { rule: PauseRule; detail: string } | undefined {
  const { settings, currentWave } = campaign
  const ended = { succeeded: sum(counts, 'succeeded'), failed: sum(counts, 'failed') }
  const wave = counts.find(count => count.wave === currentWave) ?? none
  if (isOverErrors(ended, wave.planned, settings)) {
    const all = ended.succeeded + ended.failed
    const missing = sampleNeeded(settings.minimum_sample, wave.planned) - all
    const next = missing === 1 ? 'one succeeds' : `${missing} succeed`
    const even = missing > 0 ? `, even if the next ${next}` : ''
    const detail = `${ended.failed} of ${all} updates failed, more than ${settings.error_threshold_percent} %${even}`
    return { rule: 'error_threshold', detail }
  }
  if (judge(campaign, counts, currentWave) !== 'below_success') return undefined
  const all = wave.succeeded + wave.failed
  const detail = `${wave.succeeded} of ${all} updates of wave ${currentWave} succeeded, less than ${settings.success_threshold_percent} %`
  return { rule: 'success_threshold', detail }
}

export const isOverdue = ({ deciding }: Work, { deadlineAt }: Campaign): boolean =>
  deadlineAt !== null && deciding.now >= deadlineAt

/** What the failures were, in a few words. */
function withReasons({ store }: Work, { row, round }: Campaign, detail: string): string {
  const reasons = store
    .failureCounts(row, round)
    .map(({ state, reason, updates }) => `${updates} ${state}${reason === null ? '' : ` (${reason})`}`)
  return `${detail}: ${reasons.join(', ')}.`
}
