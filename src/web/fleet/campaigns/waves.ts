import type { CampaignShape } from '../../../fleet/campaigns/api.ts'
import { h } from '../../dom.ts'
import { vehiclesWords, whole } from '../words.ts'

type Wave = CampaignShape['waves'][number]

function stateWords(state: Wave['state'], campaign: CampaignShape['state']): string {
  if (state === 'done') return 'done'
  if (campaign === 'finished' || campaign === 'aborted')
    return state === 'waiting' ? 'did not begin' : 'stopped'
  if (state === 'waiting') return 'waits'
  if (campaign === 'paused') return 'is paused'
  return state === 'running' ? 'runs' : 'is watched'
}

const part = (kind: string, count: number, planned: number) => {
  const element = h('span', { class: `part part-${kind}` })
  element.style.inlineSize = `${planned === 0 ? 0 : (100 * count) / planned}%`
  return element
}

function words({ planned, settled, succeeded, failed, blocked }: Wave): string {
  const said = [`${whole(settled)} of ${vehiclesWords(planned)} settled`, `${whole(succeeded)} succeeded`]
  if (failed > 0) said.push(`${failed} failed`)
  if (blocked > 0) said.push(`${blocked} blocked`)
  return said.join(', ')
}

/** The waves one after the other, each as wide as its share of the vehicles, and each in words. */
export function wavesOf({ waves, state }: CampaignShape): HTMLElement {
  return h(
    'ol',
    { class: 'waves' },
    ...waves.map(wave => {
      const other = Math.max(0, wave.settled - wave.succeeded - wave.failed)
      const element = h(
        'li',
        { class: 'wave', 'data-state': wave.state },
        h(
          'p',
          { class: 'wave-head' },
          h('strong', {}, `Wave ${wave.wave}`),
          ' ',
          stateWords(wave.state, state),
        ),
        h(
          'div',
          { class: 'parts', 'aria-hidden': 'true' },
          part('succeeded', wave.succeeded, wave.planned),
          part('out', other, wave.planned),
          part('failed', wave.failed, wave.planned),
        ),
        h('p', { class: 'quiet' }, words(wave)),
      )
      element.style.flexGrow = String(Math.max(1, wave.planned))
      return element
    }),
  )
}
