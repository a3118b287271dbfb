import type { DeckShape, RunOfShowReply } from '../../stage/api.ts'
import { byId, setAttribute, setText } from '../dom.ts'
import { clockWords, paceOf } from './pace.ts'
import { everyTick } from './ticker.ts'

/** Time on the slide, time of the talk, and how that compares with the plan. @returns takes the position */
export function showClocks(show: RunOfShowReply) {
  let slide = ''
  let onSlideSince = 0
  let startedAt: string | null = null
  const plannedFor = (id: string) => show.slides.find(one => one.slide === id)?.seconds

  everyTick(now => {
    const planned = plannedFor(slide)
    // What was shown before the talk is no part of its time.
    const since = startedAt === null ? null : Math.max(onSlideSince, Date.parse(startedAt))
    const onSlide = slide === '' || since === null ? null : (now - since) / 1000
    setText(byId('clock-slide'), onSlide === null ? '–' : clockWords(onSlide))
    setText(byId('clock-slide-of'), planned === undefined ? '' : `of ${clockWords(planned)}`)
    const over = onSlide !== null && planned !== undefined && onSlide > planned
    setAttribute(byId('clock-slide'), 'data-over', over ? 'yes' : null)
    const talk = startedAt === null ? null : (now - Date.parse(startedAt)) / 1000
    setText(byId('clock-talk'), talk === null ? 'not started' : clockWords(talk))
    setText(byId('clock-talk-of'), show.total_seconds > 0 ? `of ${clockWords(show.total_seconds)}` : '')
    const pace = talk === null ? null : paceOf(show, slide, talk)
    setText(byId('clock-pace'), pace?.words ?? '–')
    setAttribute(byId('clock-pace'), 'data-pace', pace?.state ?? null)
  })

  return (position: DeckShape['position'], started: string | null) => {
    startedAt = started
    slide = position?.slide ?? ''
    onSlideSince = position === null ? 0 : Date.parse(position.since)
  }
}
