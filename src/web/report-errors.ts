import { Problem } from './problem.ts'

const MAX_PER_PAGE = 10
const seen = new Set<string>()
let pageVersion = ''
let isNextRepeated = false

interface Place {
  source?: string
  lineno?: number
  colno?: number
}

function send(message: string, error: unknown, place: Place): void {
  const bounded = message.slice(0, 1000) || 'Unknown error'
  const isRepeated = isNextRepeated
  isNextRepeated = false
  if (!isRepeated) {
    if (seen.has(bounded) || seen.size >= MAX_PER_PAGE) return
    seen.add(bounded)
  }
  const report = {
    message: bounded,
    ...(error instanceof Error && error.stack ? { stack: error.stack.slice(0, 8000) } : {}),
    ...(place.source ? { source: place.source.slice(0, 1000) } : {}),
    ...(place.lineno ? { lineno: place.lineno } : {}),
    ...(place.colno ? { colno: place.colno } : {}),
    url: (location.origin + location.pathname).slice(0, 1000),
    userAgent: navigator.userAgent.slice(0, 500),
    ...(pageVersion && { page_version: pageVersion }),
    ...(error instanceof Problem && error.requestId ? { request_id: error.requestId } : {}),
  }
  // A report that fails is dropped: reporting that too could go on for ever.
  const body = JSON.stringify(report)
  const headers = { 'Content-Type': 'application/json' }
  fetch('/frontend-error', { method: 'POST', body, headers, keepalive: true }).catch(() => {})
}

/** Names the version that runs in the reports from now on. */
export const noteVersion = (version: string): void => {
  pageVersion = version.slice(0, 64)
}

/** The next error is reported although it was before: whoever throws it on purpose bounds how often. */
export const reportNextAgain = (): void => {
  isNextRepeated = true
}

/** Tells the server of an error that was caught; each message once, ten in all. */
export const report = (error: unknown): void =>
  send(error instanceof Error ? error.message : String(error), error, {})

/** Reports what nothing caught, from now on. The address goes without its query, which may hold a token. */
export function reportErrors(): void {
  addEventListener('error', event => {
    if (event instanceof ErrorEvent) {
      send(event.message, event.error, { source: event.filename, lineno: event.lineno, colno: event.colno })
    }
  })
  addEventListener('unhandledrejection', event => report(event.reason))
}
