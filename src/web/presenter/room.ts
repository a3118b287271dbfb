import type { DeliveryFrame } from '../../delivery/api.ts'
import type { StageFrame } from '../../stage/api.ts'
import { byId, setText } from '../dom.ts'
import { Problem } from '../problem.ts'
import { adviceFor } from './attempt.ts'
import * as server from './requests.ts'

/** Shows a code as large as the screen allows: for a room to scan. */
function enlarge(button: string, code: string, title: () => string) {
  const dialog = byId<HTMLDialogElement>('code-dialog')
  const [small, large] = [code, 'code-dialog-image'].map(id => byId<HTMLImageElement>(id))
  byId(button).addEventListener('click', () => {
    if (!small || !large) return
    large.src = small.src
    large.alt = small.alt
    setText(byId('code-dialog-title'), title())
    dialog.showModal()
  })
}

/** Who is here, how one joins, and what runs. */
export function showRoom() {
  async function address() {
    try {
      const { data } = await server.join()
      const link = byId<HTMLAnchorElement>('room-address')
      link.href = data.url
      setText(link, data.url.replace(/^https?:\/\//, '').replace(/\/$/, ''))
      const code = byId<HTMLImageElement>('room-code')
      code.src = '/join.svg'
      code.alt = `QR code of ${data.url}`
      byId('room-join').hidden = false
      byId('room-local').hidden = !data.local_only
      if (data.wifi) {
        byId('room-wifi').hidden = false
        byId<HTMLImageElement>('room-wifi-code').src = '/wifi.svg'
        setText(byId('room-wifi-name'), data.wifi.ssid)
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      setText(byId('room-error'), `The address is not known. ${adviceFor(error)}`)
    }
  }
  void address()
  enlarge('room-code-large', 'room-code', () => byId('room-address').textContent ?? '')
  enlarge('room-wifi-large', 'room-wifi-code', () => `Wi-Fi ${byId('room-wifi-name').textContent}`)
  return {
    stage({ joined, streams }: StageFrame) {
      setText(byId('room-joined'), String(joined))
      setText(byId('room-streams'), streams === 1 ? '1 open page in all' : `${streams} open pages in all`)
    },
    delivery({ running }: DeliveryFrame) {
      setText(byId('room-version'), running.version)
      setText(byId('room-commit'), running.commit.slice(0, 7))
    },
  }
}
