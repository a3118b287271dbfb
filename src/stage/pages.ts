/** The addresses of the pages. */
import type { App } from '../http/context.ts'
import type { Sessions } from '../http/session.ts'
import { serveAssets, servePage } from '../http/static-files.ts'

export const pages: { address: string; name: string; inlineStyles?: boolean }[] = [
  { address: '/', name: 'index' },
  { address: '/config', name: 'config' },
  { address: '/dashboard', name: 'dashboard' },
  { address: '/fleet', name: 'fleet' },
  { address: '/estate', name: 'estate' },
  { address: '/overview', name: 'overview' },
  { address: '/presenter', name: 'presenter' },
  { address: '/preflight', name: 'preflight' },
  { address: '/race', name: 'race' },
  { address: '/runbook', name: 'runbook' },
  { address: '/presentation', name: 'presentation', inlineStyles: true },
  { address: '/docs', name: 'docs', inlineStyles: true },
]

export function servePages(app: App, sessions: Sessions): void {
  serveAssets(app)
  for (const { address, ...page } of pages) servePage(app, address, { ...page, first: sessions.pages })
}
