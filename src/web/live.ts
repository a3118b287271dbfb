import { type Frames, startPolling, type Take } from './polling.ts'
import { jittered } from './random.ts'

export type LinkState = 'connecting' | 'live' | 'reconnecting' | 'polling' | 'paused'

/** What a page wants to hear. The topics asked for are those with a listener. */
export interface Listeners extends FrameListeners {
  state: (state: LinkState) => void
}
type FrameListeners = { [Topic in keyof Frames]?: (frame: Frames[Topic]) => void }

const allTopics = [
  'pools',
  'activity',
  'alerts',
  'fleet',
  'campaigns',
  'delivery',
  'race',
  'rehearsal',
  'stage',
  'room',
  'estate',
] as const

const FIRST_RETRY_MS = 1000
const LAST_RETRY_MS = 30_000
/** The first frame comes at once; where it does not, something on the way holds streams back. */
const FIRST_FRAME_MS = 10_000
/** A heartbeat comes every 15 s. */
const SILENCE_MS = 35_000
const STALE_MS = 20_000
const FAILURES_BEFORE_POLLING = 3
const HIDDEN_MS = 30_000
const LOOK_MS = 5000

/**
 * Keeps one stream of the server's state open for as long as the page is looked at. A stream that
 * breaks, falls silent or is refused is built anew, each time later; after three failures in a row, or
 * at once where nothing comes at all, the same state is polled until the stream works again. A hidden
 * page lets go of its stream, as HTTP/1.1 allows a browser only six connections.
 * @param everyMs how often a topic may come at most: 1000 for phones; as often as it changes when left out
 * @returns ends all of it
 */
export function openLive(listeners: Listeners, { everyMs }: { everyMs?: 250 | 1000 } = {}): () => void {
  const topics = allTopics.filter(topic => listeners[topic])
  let source: EventSource | null = null
  let failures = 0
  let heardAt = 0
  let paused = false
  let retryTimer = 0
  let silenceTimer = 0
  let hiddenTimer = 0
  let stopPolling: (() => void) | null = null

  const frameListeners: FrameListeners = listeners
  const take: Take = (topic, frame) => frameListeners[topic]?.(frame)

  function heard() {
    failures = 0
    heardAt = Date.now()
    stopPolling?.()
    stopPolling = null
    listeners.state('live')
    clearTimeout(silenceTimer)
    silenceTimer = window.setTimeout(() => failed(), SILENCE_MS)
  }

  function disconnect() {
    source?.close()
    source = null
    clearTimeout(retryTimer)
    clearTimeout(silenceTimer)
  }

  function connect() {
    disconnect()
    const pace = everyMs ? `&every=${everyMs}` : ''
    const stream = new EventSource(`/stream?topics=${topics.join(',')}${pace}`)
    source = stream
    silenceTimer = window.setTimeout(() => {
      failures = FAILURES_BEFORE_POLLING
      failed()
    }, FIRST_FRAME_MS)
    for (const topic of topics) {
      stream.addEventListener(topic, event => {
        heard()
        take(topic, JSON.parse((event as MessageEvent<string>).data))
      })
    }
    stream.addEventListener('heartbeat', heard)
    stream.addEventListener('bye', event => {
      const { retry_ms: waitMs = FIRST_RETRY_MS } = JSON.parse((event as MessageEvent<string>).data)
      failed(Number(waitMs))
    })
    stream.onerror = () => failed()
  }

  function failed(waitMs?: number) {
    disconnect()
    failures += 1
    if (failures >= FAILURES_BEFORE_POLLING && !stopPolling) {
      stopPolling = startPolling(topics, take, works => listeners.state(works ? 'polling' : 'reconnecting'))
    }
    if (!stopPolling) listeners.state('reconnecting')
    const backoffMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1))
    retryTimer = window.setTimeout(connect, waitMs ?? jittered(backoffMs))
  }

  function pause() {
    disconnect()
    stopPolling?.()
    stopPolling = null
    paused = true
    listeners.state('paused')
  }

  function reconnect() {
    if (paused) listeners.state('connecting')
    paused = false
    connect()
  }

  // A phone that slept believes its stream to be open: only what was heard lately counts.
  const works = () => source?.readyState === EventSource.OPEN && Date.now() - heardAt < STALE_MS

  function onVisibility() {
    clearTimeout(hiddenTimer)
    if (document.hidden) hiddenTimer = window.setTimeout(pause, HIDDEN_MS)
    else if (!works()) reconnect()
  }

  // A laptop that slept with the page in view is told nothing: its clock has jumped.
  let lookedAt = Date.now()
  const lookTimer = window.setInterval(() => {
    const sleptMs = Date.now() - lookedAt - LOOK_MS
    lookedAt = Date.now()
    if (sleptMs > STALE_MS && !document.hidden && !works()) reconnect()
  }, LOOK_MS)

  const onPageShow = (event: PageTransitionEvent) => event.persisted && reconnect()
  // Another network: the old connection is dead even if nobody has noticed.
  const onOnline = () => !document.hidden && reconnect()
  document.addEventListener('visibilitychange', onVisibility)
  addEventListener('pageshow', onPageShow)
  addEventListener('pagehide', pause)
  addEventListener('online', onOnline)
  listeners.state('connecting')
  connect()
  if (document.hidden) onVisibility()

  return () => {
    pause()
    clearTimeout(hiddenTimer)
    clearInterval(lookTimer)
    document.removeEventListener('visibilitychange', onVisibility)
    removeEventListener('pageshow', onPageShow)
    removeEventListener('pagehide', pause)
    removeEventListener('online', onOnline)
  }
}
