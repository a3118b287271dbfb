/** What of all this is simulated, and what is real. */
import type { EstateFrame } from '../../../estate/api/pipeline.ts'
import { byId, h, setText } from '../../dom.ts'
import { timeOfDay } from '../../format.ts'
import { realMark } from '../marks.ts'
import type { Server } from '../requests.ts'
import { percent, whole } from '../words.ts'

export function showOrigin() {
  const real = byId('real')
  const progress = byId<HTMLProgressElement>('history-progress')
  return {
    frame({ simulated, history }: EstateFrame) {
      byId('simulated').hidden = !simulated
      byId('history').hidden = history === null
      if (history === null) return
      progress.max = Math.max(1, history.total)
      progress.value = history.done
      const share = history.total === 0 ? 0 : history.done / history.total
      setText(
        byId('history-words'),
        `${whole(Math.floor(100 * share))} % of what has been since ${timeOfDay(history.from)} is here; until then charts begin later.`,
      )
    },
    /** @param hosts those that are measured on real machines */
    hosts(hosts: readonly Server[]) {
      real.replaceChildren(
        ...(hosts.length === 0
          ? ['No real machine has reported.']
          : hosts.flatMap(({ server_id, cpu_percent, memory_percent }) => [
              realMark(),
              ' ',
              h('strong', {}, server_id),
              ` is a real machine: CPU ${percent(cpu_percent)}, memory ${percent(memory_percent)}. `,
            ])),
      )
    },
  }
}
