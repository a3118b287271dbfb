/** Whether what the talk needs is there. */
import type { FleetFrame } from '../../fleet/api.ts'
import type { RaceShape } from '../../race/api.ts'
import type { JoinReply, StackReply } from '../../stage/api.ts'
import { call, session } from '../api.ts'
import { timeOfDay } from '../format.ts'
import { Problem } from '../problem.ts'
import { bad, type Check, good, note, unknown } from './check.ts'

const DECK_FILES = [
  '/presentation',
  '/vendor/reveal/reveal.mjs',
  '/vendor/reveal/reveal.css',
  '/assets/presentation.js',
  '/assets/presentation.css',
]
const FONTS_MAX = 20

export const address: Check = {
  title: 'Phones find the server',
  what: 'Whether the address in the code leads here from another device.',
  async run() {
    const { data } = await call<JoinReply>('/join')
    if (data.local_only)
      return bad(
        `${data.url} is for this machine only`,
        'Start the server with HOST=0.0.0.0, or give it PUBLIC_URL; then scan the code with a phone.',
      )
    return new URL(data.url).host === location.host
      ? good(`${data.url}, by which this device came too`)
      : note(
          `${data.url}, by which this device did not come`,
          'Scan the code with a phone and run this page there: guest networks may keep devices apart.',
        )
  },
}

export const token: Check = {
  title: 'This browser is the presenter’s',
  what: 'Whether it holds the token in its cookie.',
  async run() {
    const { data } = await session()
    return data.presenter
      ? good('Yes')
      : bad('No', 'Open the presenter link that the server printed, or paste its token here.')
  },
}

export const stackParts: Check = {
  title: 'The stack',
  what: 'Each part, as the server sees it.',
  async run() {
    const { parts } = (await call<StackReply>('/stack')).data
    const named = (state: string) => parts.filter(part => part.state === state).map(({ title }) => title)
    const [up, absent, failing] = [named('up'), named('absent'), named('failing')]
    const found = [
      up.length > 0 && `Up: ${up.join(', ')}`,
      absent.length > 0 && `Absent: ${absent.join(', ')}`,
      failing.length > 0 && `Failing: ${failing.join(', ')}`,
    ]
      .filter(Boolean)
      .join('. ')
    if (failing.length > 0) return bad(found, 'See its own log: docker compose logs.')
    return absent.length > 0
      ? note(found, 'The talk works without; slides say so. To have it: docker compose up -d.')
      : good(found)
  },
}

export const recording: Check = {
  title: 'A recorded race',
  what: 'What the slide shows when no race can run.',
  async run() {
    try {
      const { data } = await call<RaceShape>('/races/recorded')
      return good(`There: ${data.release.version}, of ${timeOfDay(data.started_at)}`)
    } catch (error) {
      if (error instanceof Problem && error.reason === 'unknown_race')
        return bad('There is none', 'Run one race to its end before the talk: it is kept and shown.')
      throw error
    }
  },
}

export const vehicles: Check = {
  title: 'Vehicles report',
  what: 'The fleet, as it is now.',
  async run() {
    const { total, online } = (await call<FleetFrame>('/fleet/summary')).data
    if (total === 0) return bad('None has reported', 'Start some: npm run fleet.')
    return online === 0
      ? bad(`${total} known, none online`, 'Start them again: npm run fleet.')
      : good(`${online} of ${total} online`)
  },
}

export const audienceLimit: Check = {
  title: 'The limit of requests suits a room',
  what: 'How many requests one phone may make, where the server tells.',
  async run() {
    const { headers } = await call('/version')
    const limit = headers.get('RateLimit-Limit') ?? headers.get('X-RateLimit-Limit')
    return limit === null
      ? unknown(
          'The server does not tell its limit.',
          'RATE_LIMIT counts for each phone, so the preset suits a room of any size.',
        )
      : good(`${limit} a second`)
  },
}

export const deckFiles: Check = {
  title: 'The deck’s files load',
  what: 'Its page, Reveal.js, scripts, styles and fonts, all from this server.',
  async run(tell) {
    const missing: string[] = []
    let bytes = 0
    const load = async (path: string) => {
      const response = await fetch(path)
      const text = await response.arrayBuffer()
      if (!response.ok) missing.push(`${path} (${response.status})`)
      bytes += text.byteLength
      return response.ok ? text : null
    }
    const texts = new Map<string, ArrayBuffer | null>()
    for (const [done, path] of DECK_FILES.entries()) {
      tell(done / DECK_FILES.length, path)
      texts.set(path, await load(path))
    }
    const styles = new TextDecoder().decode(texts.get('/assets/presentation.css') ?? new ArrayBuffer(0))
    const fonts = [...styles.matchAll(/url\(["']?([^"')]+\.woff2?)["']?\)/g)]
      .map(([, path = '']) => new URL(path, `${location.origin}/assets/presentation.css`))
      .filter(({ origin }) => origin === location.origin)
      .map(({ pathname }) => pathname)
    const wanted = [...new Set(fonts)].slice(0, FONTS_MAX)
    for (const path of wanted) await load(path)
    const found = `${DECK_FILES.length + wanted.length - missing.length} files, ${wanted.length} of them fonts, ${Math.round(bytes / 1024)} KB`
    return missing.length === 0
      ? good(found)
      : bad(`Missing: ${missing.join(', ')}`, 'Build the pages anew: npm run build.')
  },
}
