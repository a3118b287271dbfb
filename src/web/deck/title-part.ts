import type { JoinReply } from '../../stage/api.ts'
import { call } from '../api.ts'
import { byId, h, setText } from '../dom.ts'
import type { LivePart } from './live-parts.ts'

/** `http://192.0.2.7:8000/` as one would say it. */
const spoken = (url: string) => url.replace(/^https?:\/\//, '').replace(/\/$/, '')

/** The code, the address and how many phones are here. */
export function titlePart(): LivePart {
  const addresses = ['address', 'address-again'].map(id => byId(id))
  const code = byId('join-code')
  const joinedCount = byId('joined')
  const joinedWords = byId('joined-words')
  const note = byId('join-note')
  const showAddress = (address: string) => {
    for (const element of addresses) setText(element, address)
  }
  const noCode = () => code.replaceChildren(h('p', {}, 'No code just now. The address below is enough.'))

  async function read() {
    const { data } = await call<JoinReply>('/join')
    showAddress(spoken(data.url))
    note.hidden = !data.local_only
    const image = h('img', { src: '/join.svg', alt: '' })
    image.addEventListener('error', noCode)
    code.replaceChildren(image)
  }

  showAddress(location.host)
  read().catch(noCode)
  return {
    takes: {
      stage({ joined }) {
        setText(joinedCount, String(joined))
        setText(joinedWords, joined === 1 ? 'phone here' : 'phones here')
      },
    },
  }
}
