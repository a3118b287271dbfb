/** The interactive API page: Swagger UI from this server, over the document of this server. */

import { showReasons } from '../docs/reasons.ts'
import { byId } from '../dom.ts'
import { startPage } from '../page.ts'

type CreateElement = (type: unknown, props: object | null, ...children: unknown[]) => unknown

interface SwaggerSystem {
  React: { createElement: CreateElement }
  getComponent: (name: string, container?: boolean) => unknown
}

interface SwaggerUi {
  (options: Record<string, unknown>): { layoutActions: { show(what: string[], isShown: boolean): void } }
  presets: { apis: unknown }
}

declare const SwaggerUIBundle: SwaggerUi

/**
 * The parts of Swagger UI that the page wants, in a frame of its own: the usual one has a second
 * `main`, a second title and headings out of order, and puts links into buttons.
 */
const ourFrame = ({ React: { createElement }, getComponent }: SwaggerSystem) => ({
  components: {
    DocsLayout: () =>
      createElement(
        'div',
        { className: 'swagger-ui' },
        createElement(getComponent('SvgAssets'), null),
        createElement(getComponent('AuthorizeBtnContainer', true), null),
        createElement(getComponent('errors', true), null),
        createElement('h2', { className: 'visually-hidden' }, 'Calls'),
        createElement(getComponent('operations', true), null),
        createElement(getComponent('Models', true), null),
      ),
  },
  wrapComponents: {
    DeepLink:
      () =>
      ({ text }: { text: unknown }) =>
        createElement('span', { className: 'nostyle' }, text),
  },
})

/** What Swagger UI leaves unnamed or out of the keyboard's reach, mended as it appears. */
function mend(docs: HTMLElement): void {
  for (const field of docs.querySelectorAll('textarea.body-param__text:not([aria-label])'))
    field.setAttribute('aria-label', 'Request body')
  for (const table of docs.querySelectorAll('table[role="region"]')) table.removeAttribute('role')
  for (const code of docs.querySelectorAll('pre.microlight:not([tabindex])')) {
    code.setAttribute('tabindex', '0')
    code.setAttribute('role', 'group')
    code.setAttribute('aria-label', 'Example or answer')
  }
}

const dark = matchMedia('(prefers-color-scheme: dark)')
const followScheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches)

void startPage(async () => {
  followScheme()
  dark.addEventListener('change', followScheme)
  const docs = byId('docs')
  new MutationObserver(() => mend(docs)).observe(docs, { childList: true, subtree: true })
  const ui = SwaggerUIBundle({
    url: '/openapi.json',
    dom_id: '#docs',
    presets: [SwaggerUIBundle.presets.apis],
    plugins: [ourFrame],
    layout: 'DocsLayout',
    deepLinking: true,
    tryItOutEnabled: true,
    syntaxHighlight: { theme: 'nord' },
    // From 150 rows on Swagger UI makes only those in view, and a search in the page finds the others no more: the
    // longest group is closed, unless the address leads into it.
    onComplete: () =>
      location.hash.startsWith('#/estate') || ui.layoutActions.show(['operations-tag', 'estate'], false),
    // The validator badge would send the document to somebody else's server.
    validatorUrl: null,
  })
  await showReasons()
})
