/** Which failures a soak brings about itself. Everything else is a finding. */

/** What the server is doing, as the soak has ordered it. */
export type Phase = 'up' | 'stopping' | 'down' | 'starting'

export interface Answered {
  method: string
  path: string
  status: number
  /** Of the problem; '' when there is none. */
  reason: string
  /** Whether the server was up from the question to the answer. */
  calm: boolean
}

/** Why a 5xx is no finding; null: it is one. `log`: if the log says that the fault "errors" made it. */
export function explained({ method, path, status, reason, calm }: Answered): 'fine' | 'log' | null {
  if (status < 500) return 'fine'
  if (status === 500) return method === 'POST' && path === '/licenses/borrow' ? 'log' : null
  if (status === 503 && reason === 'stopping') return calm ? null : 'fine'
  if (status === 503 && reason === 'broker_away') return calm ? null : 'fine'
  // The stages of the pipeline say how they are; a past is being generated, or one was stopped with the server.
  if (status === 503 && reason === 'unhealthy') return path === '/health' ? 'fine' : null
  // A simulated vehicle may be without coverage.
  if (status === 504 && reason === 'vehicle_silent') return 'fine'
  return null
}

export interface LogLine {
  level: string
  event: string
  msg: string
  error?: string
  request_id?: string
}

/** What the fault "errors" says. */
const PROVOKED = 'the fault "errors" made this borrow fail'

export const isProvoked = ({ event, error }: LogLine): boolean =>
  event === 'internal_error' && error === PROVOKED

/** Whether a line of level error or worse was brought about by the soak. */
export const isExpectedError = (line: LogLine): boolean => isProvoked(line) || line.event === 'frontend_error'
