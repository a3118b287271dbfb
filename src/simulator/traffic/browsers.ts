/**
 * Simulated browsers of the audience: while the server says that the script of its page is broken, some of
 * those who look report what a real page would report.
 */
import type { Send } from './send.ts'

export interface Browsers {
  /**
   * Asks anew which version runs and how many browsers it breaks. A server that does not say breaks none. It opens no
   * page and has no session, so the server does not count it as a phone.
   */
  refresh(): Promise<void>
  /** What a browser reports that just looked; null: its script ran. @param chance in [0, 1) */
  report(chance: number): object | null
}

/** Of a server that has no such topic. */
const ASK_AGAIN_AFTER = 30
/** What the page's own defect throws (`src/web/home/defect.ts`). */
const ERROR = "TypeError: Cannot read properties of undefined (reading 'row')"

export function createBrowsers(send: Send): Browsers {
  let share = 0
  let version = ''
  let asking = false
  let unknownFor = 0

  return {
    async refresh() {
      if (asking || --unknownFor > 0) return
      asking = true
      try {
        const response = await send('/stream/snapshot?topics=room')
        if (response.status === 404 || response.status === 422) unknownFor = ASK_AGAIN_AFTER
        const { room } = (await response.json()) as { room?: { browser_script?: unknown; version?: unknown } }
        share = Number(room?.browser_script ?? 0) || 0
        version = String(room?.version ?? '').slice(0, 40)
      } catch {
        share = 0
      } finally {
        asking = false
      }
    },
    report: chance => (chance < share ? scriptError(version) : null),
  }
}

/** The report that `src/web/report-errors.ts` makes of an uncaught error in the page of the audience. */
function scriptError(version: string) {
  const asset = `/assets/index.js?version=${encodeURIComponent(version)}`
  return {
    message: `Uncaught ${ERROR}`,
    stack: `${ERROR}\n    at placeOfSeat (${asset}:214:31)\n    at throwLater (${asset}:97:5)`,
    source: asset,
    lineno: 214,
    colno: 31,
    url: '/',
    userAgent: 'simulated browser of the traffic',
  }
}
