import { byId, h, setAttribute, setText } from '../../dom.ts'
import { keyedList, type Row } from '../../keyed-list.ts'
import { serverNow } from '../../server-clock.ts'
import type { StageShape } from '../requests.ts'
import { ago, clockWords, counted, seconds, short, whole } from '../words.ts'

const stageWords: Record<StageShape['stage'], string> = {
  generator: 'Generator',
  ingest: 'Ingestion',
  transform: 'Transformer',
  analytics: 'Analytics',
}

const stateWords: Record<StageShape['state'], string> = {
  healthy: 'Healthy',
  failing: 'Failing',
  stopped: 'Stopped',
  unknown: 'Never heard of',
}

/** Why a stage is as it is, in a sentence; a healthy one needs none. */
export function stageSentence(stage: StageShape, nowMs: number): string {
  const last =
    stage.last_success_at === null
      ? 'It never succeeded.'
      : `Last success ${ago(stage.last_success_at, nowMs)}.`
  if (stage.state === 'unknown') return 'It has not reported since the server started.'
  if (stage.state === 'stopped')
    return `${stage.since === null ? 'It reports no more' : `No report since ${clockWords(stage.since, nowMs)}`}. ${last}`
  if (stage.state === 'failing') return `${stage.problem ?? 'It cannot go on.'} ${last}`
  return stage.last_success_at === null ? 'It waits for its first sample.' : last
}

function stageRow(): Row<StageShape> {
  const [name, state] = [h('strong'), h('span', { class: 'stage-state' })]
  const sentence = h('p', { class: 'quiet' })
  const [lag, waiting, dead, done] = [h('dd'), h('dd'), h('dd'), h('dd')]
  const pair = (words: string, value: HTMLElement) => h('div', {}, h('dt', {}, words), value)
  const element = h(
    'li',
    { class: 'stage' },
    h('p', { class: 'stage-head' }, name, state),
    sentence,
    h(
      'dl',
      { class: 'pairs' },
      pair('Lag', lag),
      pair('Waiting', waiting),
      pair('Dead letters', dead),
      pair('Samples done', done),
    ),
  )
  return {
    element,
    update(stage) {
      const isHeard = stage.state === 'healthy' || stage.state === 'failing'
      setAttribute(element, 'data-state', stage.state)
      setText(name, stageWords[stage.stage])
      setText(state, stateWords[stage.state])
      setText(sentence, stageSentence(stage, serverNow()))
      // What a stage said before it stopped is not how it is now.
      setText(lag, isHeard ? seconds(stage.lag_seconds) : '–')
      setText(waiting, isHeard ? whole(stage.waiting) : '–')
      setText(dead, stage.state === 'unknown' ? '–' : whole(stage.dead_letters))
      setText(done, stage.state === 'unknown' ? '–' : short(stage.done))
      setAttribute(done, 'title', isHeard ? counted(stage.instances, 'instance') : null)
      setAttribute(dead, 'data-some', stage.dead_letters > 0 ? 'yes' : null)
    },
  }
}

/** The stages in their order, each as it last said of itself. */
export function showPipeline(): (stages: readonly StageShape[]) => void {
  return keyedList(byId('stages'), ({ stage }: StageShape) => stage, stageRow)
}
