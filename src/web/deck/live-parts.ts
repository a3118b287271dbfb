import { call } from '../api.ts'
import { setAttribute, setText } from '../dom.ts'
import { timeOfDay } from '../format.ts'
import { type LinkState, type Listeners, openLive } from '../live.ts'
import type { Frames } from '../polling.ts'

type Topic = keyof Frames
type Takes = { [Name in Topic]?: (frame: Frames[Name]) => void }

/** What is live on a slide: it runs from when the slide is shown until it is left. */
export interface LivePart {
  takes: Takes
  /** The slide is shown. @returns called when it is left */
  shown?(): () => void
  /** In print: draws its end state from what can be fetched once. */
  print?(): Promise<void>
}

type AnyTake = (frame: Frames[Topic]) => void

/**
 * Runs the live parts of a deck, one stream at a time: the topics of the slide that is shown, and those
 * that are `always` wanted.
 * @param slides the parts, by the id of their slide
 */
export function liveParts(slides: Record<string, LivePart>) {
  const newest = new Map<Topic, Frames[Topic]>()
  let always: Takes = {}
  let end: (() => void) | null = null
  let current: Element | null = null

  function chips(slide: Element, state: LinkState) {
    const names = Object.keys(slides[slide.id]?.takes ?? {}) as Topic[]
    const at = names
      .map(topic => newest.get(topic)?.at ?? '')
      .sort()
      .at(-1)
    const isLive = state === 'live' || state === 'polling'
    for (const chip of slide.querySelectorAll('[data-live]')) {
      setAttribute(chip, 'data-state', isLive ? 'live' : at ? 'kept' : 'waiting')
      setText(chip, isLive ? 'Live' : at ? `Seen ${timeOfDay(at)}` : 'Waiting')
    }
  }

  function listeners(slide: Element, part: LivePart | undefined): Listeners {
    const topics = new Set([...Object.keys(part?.takes ?? {}), ...Object.keys(always)] as Topic[])
    const takes = [...topics].map(topic => {
      const take: AnyTake = frame => {
        newest.set(topic, frame)
        for (const one of [part?.takes[topic], always[topic]]) (one as AnyTake | undefined)?.(frame)
      }
      return [topic, take]
    })
    return { ...Object.fromEntries(takes), state: (state: LinkState) => chips(slide, state) }
  }

  /** The slide is shown; the one before it is left. */
  function show(slide: Element) {
    end?.()
    end = null
    current = slide
    const part = slides[slide.id]
    const leave = part?.shown?.()
    for (const [topic, take] of Object.entries(part?.takes ?? {})) {
      const frame = newest.get(topic as Topic)
      if (frame) (take as AnyTake)(frame)
    }
    const wanted = listeners(slide, part)
    const close = Object.keys(wanted).length > 1 ? openLive(wanted) : undefined
    end = () => {
      close?.()
      leave?.()
    }
  }

  /** Wants topics on every slide, from now on. */
  function want(takes: Takes) {
    always = takes
    if (current) show(current)
  }

  /** In print: each part is drawn once, from the newest state. */
  async function freeze() {
    const drawn = Object.entries(slides).map(async ([id, part]) => {
      const slide = document.getElementById(id)
      const topics = Object.keys(part.takes)
      await part.print?.().catch(() => {})
      if (!slide || topics.length === 0) return
      const { data } = await call<Partial<Frames>>(`/stream/snapshot?topics=${topics.join(',')}`)
      const { state, ...takes } = listeners(slide, part)
      for (const [topic, take] of Object.entries(takes)) {
        const frame = data[topic as Topic]
        if (frame) (take as AnyTake)(frame)
      }
      state('paused')
    })
    await Promise.allSettled(drawn)
  }

  return { show, want, freeze }
}
