/** The addresses of the pages. */
import type { App } from '../http/context.ts'
import type { PageNeeds } from '../http/security-headers.ts'
import type { Sessions } from '../http/session.ts'
import { serveAssets, servePage } from '../http/static-files.ts'

/** The style elements that reveal.js makes for its print view of slides of 1280 by 720. */
const printed = [
  '@page{size:1280px 720px; margin: 0px;}',
  '.reveal section>img, .reveal section>video, .reveal section>iframe{max-width: 1280px; max-height:720px}',
]

export const pages: (PageNeeds & { address: string; name: string })[] = [
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
  { address: '/presentation', name: 'presentation', styles: printed, writesHtml: true },
  { address: '/docs', name: 'docs', writesHtml: true },
]

export function servePages(app: App, sessions: Sessions): void {
  serveAssets(app)
  for (const { address, ...page } of pages) servePage(app, address, { ...page, first: sessions.pages })
}
