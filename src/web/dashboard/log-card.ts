import type { LogLine } from '../../stage/api.ts'
import { byId, setAttribute, setText } from '../dom.ts'
import { plural } from '../format.ts'
import { keyedList } from '../keyed-list.ts'
import { type LogFilters, logExploreUrl, logPanelUrl } from './links.ts'
import { outwards } from './links-shown.ts'
import { logFilters } from './log-filters.ts'
import { LINES_MAX, pollLog } from './log-poll.ts'
import { logRow } from './log-row.ts'

/** The newest log lines, as they are written. @returns takes where Grafana is; null: nowhere */
export function showLog(): (grafana: string | null) => void {
  const card = byId('log')
  const state = byId('log-state')
  const note = byId('log-note')
  const pause = byId<HTMLButtonElement>('log-pause')
  const links = byId('log-links')
  const panel = outwards('Grafana', 'these lines in the dashboard of the log')
  const explore = outwards('Explore', 'these lines in Loki')
  links.append(panel, explore)

  let shown: LogLine[] = []
  let filters: LogFilters = {}
  let base: string | null = null
  let isPaused = false
  let why: string | null = null
  let missed = 0

  const rows = keyedList(
    byId('log-rows'),
    ({ seq }: LogLine) => String(seq),
    line => logRow(line, requestId => controls.request(requestId)),
  )

  const poll = pollLog({
    lines(reply, isFirst) {
      controls.offer(reply.lines)
      missed = isFirst ? 0 : missed + reply.skipped
      const isCut = !isFirst && reply.more
      if (isFirst || reply.lines.length > 0) {
        shown = [...reply.lines, ...(isFirst || isCut ? [] : shown)].slice(0, LINES_MAX)
        rows(shown)
      }
      const words = [
        shown.length === 0 && 'No line matches yet.',
        isCut && 'More lines come than can be shown.',
        missed > 0 && `${plural(missed, 'line')} went by unseen.`,
      ]
      setText(note, words.filter(Boolean).join(' '))
      note.hidden = note.textContent === ''
    },
    trouble(now) {
      why = now
      tell()
    },
  })
  const controls = logFilters(next => {
    filters = next
    poll.filter(next)
    drawLinks()
  })

  function tell() {
    setAttribute(card, 'data-state', isPaused ? 'paused' : why ? 'away' : 'follows')
    setText(state, isPaused ? 'Paused' : why ? `${why} Trying again.` : 'Follows, newest first')
    setText(pause, isPaused ? 'Follow' : 'Pause')
  }

  function drawLinks() {
    links.hidden = base === null
    setAttribute(panel, 'href', base && logPanelUrl(base, filters))
    setAttribute(explore, 'href', base && logExploreUrl(base, filters))
  }

  pause.addEventListener('click', () => {
    isPaused = !isPaused
    tell()
    poll.pause(isPaused)
  })
  new IntersectionObserver(entries => poll.view(entries.at(-1)?.isIntersecting ?? false)).observe(card)
  tell()
  controls.start()

  return grafana => {
    base = grafana
    drawLinks()
  }
}
