/** The pages that people see, and what their browsers report back. The only door to this folder. */
import type { App } from '../http/context.ts'
import type { Operations } from '../http/operation.ts'
import type { Sessions } from '../http/session.ts'
import { serveAssets, servePage } from '../http/static-files.ts'
import type { Log } from '../observability/logger.ts'
import type { Metrics } from '../observability/metrics.ts'
import { serveFrontendErrors } from './frontend-errors.ts'

const pages: { address: string; name: string; inlineStyles?: boolean }[] = [
  { address: '/', name: 'index' },
  { address: '/config', name: 'config' },
  { address: '/dashboard', name: 'dashboard' },
  { address: '/fleet', name: 'fleet' },
  { address: '/overview', name: 'overview' },
  { address: '/runbook', name: 'assets/runbook' },
  { address: '/presentation', name: 'presentation', inlineStyles: true },
  { address: '/docs', name: 'docs', inlineStyles: true },
]

export interface StageOptions {
  app: App
  operations: Operations
  sessions: Sessions
  log: Log
  metrics: Metrics
}

export function serveStage({ app, operations, sessions, log, metrics }: StageOptions): void {
  serveAssets(app)
  for (const { address, ...page } of pages) servePage(app, address, { ...page, first: sessions.pages })
  serveFrontendErrors(operations, { log, metrics })
}
