import type { DeliveryFrame, DeploymentShape } from '../../delivery/api.ts'
import { onPress } from '../busy.ts'
import { byId, h, setAttribute, setText } from '../dom.ts'
import { faultWords } from '../fault-words.ts'
import { timeWithSeconds } from '../format.ts'
import { keyedList, type Row } from '../keyed-list.ts'
import { outcome } from '../outcome.ts'
import { attempt } from './attempt.ts'
import { clockWords } from './pace.ts'
import * as server from './requests.ts'
import { everyTick, secondsLeft } from './ticker.ts'

const REST_MS = 1000
const kinds: Record<DeploymentShape['kind'], string> = {
  start: 'started',
  release: 'released',
  rollback: 'rolled back to',
}
const deployers: Record<DeploymentShape['by'], string> = {
  process: 'with the program',
  presenter: 'by the presenter',
  scenario: 'by a scenario',
  race: 'by a race',
  cap: 'by itself, as its time ran out',
}

const listed = (names: string[]) => names.map(faultWords).join(', ')

function deploymentRow(): Row<DeploymentShape> {
  const version = h('strong', {})
  const words = h('span', { class: 'quiet' })
  const badge = h('span', { class: 'badge', hidden: true })
  return {
    element: h('li', {}, h('p', {}, version, ' ', badge), words),
    update(one) {
      setText(version, one.version)
      badge.hidden = one.ended_at !== null && !one.failed
      setText(badge, one.failed ? 'failed' : 'runs')
      setAttribute(badge, 'data-tone', one.failed ? 'bad' : 'good')
      const faults = one.faults.length > 0 ? `, faults: ${listed(one.faults)}` : ''
      const commit = `commit ${one.commit.slice(0, 7)}${one.simulated ? ', simulated' : ''}`
      setText(
        words,
        `${timeWithSeconds(one.deployed_at)}, ${kinds[one.kind]} ${deployers[one.by]}, ${commit}${faults}`,
      )
    },
  }
}

/**
 * What runs, and the way back. While faults are on, a bar with the way back stays in reach wherever one
 * has scrolled to. @returns takes the frame of the delivery
 */
export function showRunning(): (frame: DeliveryFrame) => void {
  const list = keyedList(byId('deployments'), ({ id }: DeploymentShape) => String(id), deploymentRow)
  const bar = byId('roll-bar')
  const saids = ['running-outcome', 'roll-bar-outcome'].map(id => {
    const said = outcome()
    byId(id).append(said.element)
    return said
  })
  const buttons = ['running-back', 'roll-bar-back'].map(id => byId<HTMLButtonElement>(id))
  let frame: DeliveryFrame | null = null

  buttons.forEach((button, place) => {
    const said = saids[place] as ReturnType<typeof outcome>
    onPress(
      button,
      async () => {
        await attempt(said, 'Not rolled back.', server.rollBack)
      },
      REST_MS,
    )
  })

  everyTick(now => {
    if (!frame) return
    const left = frame.faults.ends_in_seconds
    const words = left === null ? '' : clockWords(secondsLeft(frame.at, left, now))
    setText(byId('roll-bar-left'), words === '' ? '' : `Rolled back by itself in ${words}`)
    setText(byId('running-left'), words === '' ? '' : `They end by themselves in ${words}.`)
  })

  return next => {
    frame = next
    const { running, previous, faults, deployments } = next
    const active = Object.entries(faults).flatMap(([name, value]) =>
      value !== null && typeof value === 'object' ? [name] : [],
    )
    setText(byId('running-version'), running.version)
    setText(byId('running-words'), `commit ${running.commit.slice(0, 7)}, ${deployers[running.by]}`)
    setText(byId('running-faults'), active.length > 0 ? `Faults on: ${listed(active)}.` : 'No fault is on.')
    setAttribute(byId('running'), 'data-faults', active.length > 0 ? 'yes' : 'no')
    for (const button of buttons) {
      setText(button, previous ? `Roll back to ${previous.version}` : 'Roll back')
      button.disabled = previous === null
    }
    const isBad = active.length > 0 && running.faults.length > 0
    if (bar.hidden === isBad) {
      const hadFocus = bar.contains(document.activeElement)
      bar.hidden = !isBad
      if (hadFocus && !isBad) byId('release-title').focus()
      setText(
        byId('roll-bar-said'),
        isBad ? `${running.version} runs with faults: ${listed(active)}.` : `${running.version} runs.`,
      )
    }
    setText(byId('roll-bar-version'), `${running.version} runs with faults`)
    list(deployments)
    byId('deployments-none').hidden = deployments.length > 0
  }
}
