/** Which versions run, and how often: what everybody should see in one place. */
import { byId, h, setAttribute, setText } from '../../dom.ts'
import { keyedList, type Row } from '../../keyed-list.ts'
import { panel } from '../panel.ts'
import { ask, type Instances } from '../requests.ts'
import { counted } from '../words.ts'

/** Of a service: the most frequent first. */
export const byFrequency = ({ versions }: Pick<Instances, 'versions'>) =>
  [...versions].sort((a, b) => b.instances - a.instances || b.version.localeCompare(a.version))

/** `20 services in 23 versions. More than one version runs of 2: checkout, search.` */
export function versionsWords(services: readonly Pick<Instances, 'service_name' | 'versions'>[]): string {
  const mixed = services.filter(({ versions }) => versions.length > 1).map(({ service_name }) => service_name)
  const all = services.reduce((sum, { versions }) => sum + versions.length, 0)
  const said = `${counted(services.length, 'service')} in ${counted(all, 'version')}.`
  return mixed.length === 0
    ? `${said} Of each one version runs everywhere.`
    : `${said} More than one version runs of ${mixed.length}: ${mixed.join(', ')}.`
}

function serviceRow({ service_name }: Instances): Row<Instances> {
  const count = h('span', { class: 'quiet' })
  const list = h('ul', { class: 'versions' })
  const bar = h('div', { class: 'version-bar', 'aria-hidden': 'true' })
  const element = h(
    'li',
    {},
    h('p', { class: 'version-head' }, h('strong', {}, service_name), count),
    bar,
    list,
  )
  return {
    element,
    update(service) {
      const versions = byFrequency(service)
      setText(count, counted(service.instances_running, 'instance'))
      setAttribute(element, 'data-mixed', versions.length > 1 ? 'yes' : null)
      bar.replaceChildren(
        ...versions.map(({ instances }) => {
          const piece = h('span')
          piece.style.flexGrow = String(instances)
          return piece
        }),
      )
      list.replaceChildren(
        ...versions.map(({ version, instances }) =>
          h('li', {}, h('code', {}, version), versions.length > 1 ? ` ${instances}` : null),
        ),
      )
    },
  }
}

/** @returns asks anew */
export function showVersions(): () => void {
  const words = h('p', { class: 'quiet' })
  const list = h('ul', { class: 'version-list' })
  byId('services-versions').append(words, list)
  const rows = keyedList(list, ({ service_name }: Instances) => service_name, serviceRow)
  const refresh = panel(
    'services-versions',
    async () => (await ask('/api/services/instances')).data,
    found => {
      setText(words, found.length === 0 ? 'No service has reported yet.' : versionsWords(found))
      // What runs in more than one version is what one looks for.
      rows(
        [...found].sort(
          (a, b) =>
            Number(b.versions.length > 1) - Number(a.versions.length > 1) ||
            a.service_name.localeCompare(b.service_name),
        ),
      )
    },
  )
  return () => void refresh(undefined)
}
