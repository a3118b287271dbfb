import type { RoomFrame } from '../../stage/api.ts'
import { byId, setText } from '../dom.ts'
import { plural } from '../format.ts'

/** Whether a version was there before: then the way to it is back. Bounded by how often one releases in a talk. */
const VERSIONS_KEPT = 50

/** Who else is here, and which version runs. A change of version sweeps over its chip once: on with a release, back with a rollback. */
export function room(): (frame: RoomFrame) => void {
  const chip = byId('release')
  const said = byId('release-said')
  const known: string[] = []

  function show(version: string) {
    const before = known.at(-1)
    if (version === before) return
    const isBack = known.includes(version)
    if (isBack) known.length = known.indexOf(version)
    known.push(version)
    if (known.length > VERSIONS_KEPT) known.shift()
    setText(chip, `Version ${version}`)
    chip.hidden = false
    if (before === undefined) return
    setText(said, isBack ? `Rolled back: version ${version} runs again.` : `Version ${version} runs now.`)
    chip.classList.remove('is-new', 'is-back')
    // Asked for, so that the same sweep can start anew.
    void chip.offsetWidth
    chip.classList.add(isBack ? 'is-back' : 'is-new')
  }

  return ({ joined, version }) => {
    // Who reads this is here, though the frame may be older.
    setText(byId('joined'), `${plural(Math.max(1, joined), 'phone is', 'phones are')} here`)
    show(version)
  }
}
