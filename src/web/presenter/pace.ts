import type { RunOfShowReply } from '../../stage/api.ts'

/** How the talk does against its plan. */
export interface Pace {
  state: 'on-time' | 'ahead' | 'behind'
  /** Such as `1:20 behind`. */
  words: string
}

/** Seconds as a clock: `1:05`, `1:02:03`. */
export function clockWords(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const two = (value: number) => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`
}

/**
 * On time is any moment between the planned begin and end of the slide that is shown.
 * @param talkSeconds since the talk's clock was started. @returns null: the slide is not in the plan
 */
export function paceOf({ slides }: RunOfShowReply, slide: string, talkSeconds: number): Pace | null {
  const place = slides.findIndex(planned => planned.slide === slide)
  const current = slides[place]
  if (!current) return null
  const from = slides.slice(0, place).reduce((sum, { seconds }) => sum + seconds, 0)
  const late = talkSeconds - from - current.seconds
  const early = from - talkSeconds
  if (late >= 1) return { state: 'behind', words: `${clockWords(late)} behind` }
  if (early >= 1) return { state: 'ahead', words: `${clockWords(early)} ahead` }
  return { state: 'on-time', words: 'On time' }
}
