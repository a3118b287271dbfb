/** What happens to WebSockets: its log lines and its metrics together. */
import { closeReasons, type WebSocketObserver } from '../http/websocket.ts'
import type { LimitedLog } from '../observability/limited-log.ts'
import type { Instruments } from '../observability/metrics.ts'
import type { estateMetrics } from './metrics.ts'

/** A WebSocket that was never open. */
const REFUSED = 'refused'

export function createWebSocketEvents(
  limited: LimitedLog,
  m: Instruments<typeof estateMetrics>,
): WebSocketObserver {
  let open = 0
  for (const reason of [...closeReasons, REFUSED]) m.estate_ws_closed_total.inc({ reason }, 0)
  m.estate_ws_connections.set({}, 0)
  return {
    opened() {
      open++
      m.estate_ws_connections.set({}, open)
    },
    refused: () => m.estate_ws_closed_total.inc({ reason: REFUSED }),
    closed(reason) {
      open--
      m.estate_ws_connections.set({}, open)
      m.estate_ws_closed_total.inc({ reason })
      if (reason === 'slow' || reason === 'flood')
        limited('warn', 'websocket closed', [
          'estate_websocket_closed',
          'a WebSocket did not take what it was sent, or said too much',
          { reason, connections: open },
        ])
    },
    sent: messages => m.estate_ws_messages_total.inc({}, messages),
    failed: error =>
      limited('error', 'websocket failed', [
        'internal_error',
        'what WebSockets are sent could not be made',
        { error: error instanceof Error ? error.message : String(error) },
      ]),
  }
}
