import { call } from '../api.ts'
import { byId, h } from '../dom.ts'

interface Reason {
  reason: string
  status: number
  title: string
}

interface Document {
  components: { schemas: { Problem: { 'x-reasons': Reason[] } } }
}

/** Lists every reason for which a request can be refused, each at the address that a problem's `type` names. */
export async function showReasons(): Promise<void> {
  const { data } = await call<Document>('/openapi.json')
  const rows = data.components.schemas.Problem['x-reasons'].map(({ reason, status, title }) =>
    h(
      'tr',
      { id: `problem-${reason}` },
      h('th', { scope: 'row' }, h('code', {}, reason)),
      h('td', { class: 'number', 'data-label': 'Status' }, String(status)),
      h('td', { 'data-label': 'Meaning' }, title),
    ),
  )
  byId('reasons').replaceChildren(...rows)
  if (location.hash.startsWith('#problem-')) document.getElementById(location.hash.slice(1))?.scrollIntoView()
}
