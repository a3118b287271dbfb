/** The parts of a browser that the live connection uses, moved by hand. */
import { onTestFinished, vi } from 'vitest'

export class FakeStream extends EventTarget {
  static opened: FakeStream[] = []
  static readonly OPEN = 1
  readyState = 0
  onerror: (() => void) | null = null
  readonly url: string
  constructor(url: string) {
    super()
    this.url = url
    FakeStream.opened.push(this)
  }
  close() {
    this.readyState = 2
  }
  /** An event of the server's. */
  says(type: string, data: object = {}) {
    this.readyState = 1
    this.dispatchEvent(Object.assign(new Event(type), { data: JSON.stringify(data) }))
  }
  breaks() {
    this.onerror?.()
  }
}

export interface FakePage {
  streams: FakeStream[]
  /** The stream that was opened last. */
  readonly stream: FakeStream
  /** How many streams are not closed. */
  readonly open: number
  asked: string[]
  /** What fetch answers; null: no connection. */
  snapshot: object | null
  hide(): void
  show(): void
  fire(type: string, about?: object): void
}

/** Puts a page with a fake clock around one test. */
export function fakePage(): FakePage {
  vi.useFakeTimers()
  FakeStream.opened = []
  const asked: string[] = []
  const page = new EventTarget()
  const document = Object.assign(new EventTarget(), { hidden: false })
  vi.stubGlobal('window', globalThis)
  vi.stubGlobal('document', document)
  vi.stubGlobal('EventSource', FakeStream)
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page))
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(path)
    if (fake.snapshot === null) throw new TypeError('no connection')
    return Response.json(fake.snapshot)
  })
  onTestFinished(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })
  const look = (hidden: boolean) => {
    document.hidden = hidden
    document.dispatchEvent(new Event('visibilitychange'))
  }
  const fake: FakePage = {
    streams: FakeStream.opened,
    get stream() {
      const newest = FakeStream.opened.at(-1)
      if (!newest) throw new Error('no stream was opened')
      return newest
    },
    get open() {
      return FakeStream.opened.filter(stream => stream.readyState !== 2).length
    },
    asked,
    snapshot: { pools: { pools: [] } },
    hide: () => look(true),
    show: () => look(false),
    fire: (type, about = {}) => void page.dispatchEvent(Object.assign(new Event(type), about)),
  }
  return fake
}

/** A module of the pages, which are compiled with a browser's types and not with Node's. */
export const webModule = <T>(name: string): Promise<T> =>
  import(new URL(`../../src/web/${name}.ts`, import.meta.url).href)
