import { byId, h } from '../../dom.ts'
import { modelNames, places } from '../places.ts'
import type { VehiclesWanted } from '../requests.ts'
import { stateWords } from '../words.ts'

const DEBOUNCE_MS = 250

const options = (names: Record<string, string>) =>
  Object.entries(names).map(([value, name]) => h('option', { value }, name))

/** What is looked for in the table. @param changed is told after a pause in typing, or at once for a choice */
export function filters(changed: () => void) {
  const search = byId<HTMLInputElement>('search')
  const [state, firmware, model, region] = (['state', 'firmware', 'model', 'region'] as const).map(name =>
    byId<HTMLSelectElement>(`filter-${name}`),
  ) as [HTMLSelectElement, HTMLSelectElement, HTMLSelectElement, HTMLSelectElement]
  state.append(...options(stateWords))
  model.append(...options(modelNames))
  region.append(...options(Object.fromEntries(Object.entries(places).map(([key, { name }]) => [key, name]))))

  let timer = 0
  search.addEventListener('input', () => {
    clearTimeout(timer)
    timer = window.setTimeout(changed, DEBOUNCE_MS)
  })
  for (const select of [state, firmware, model, region]) select.addEventListener('change', changed)
  byId('filters').addEventListener('submit', event => event.preventDefault())

  let known = ''
  return {
    wanted: (): VehiclesWanted => ({
      search: search.value.trim(),
      state: state.value,
      firmware: firmware.value,
      model: model.value,
      region: region.value,
    }),
    /** Offers the versions that run; one that is chosen stays. */
    versions(versions: string[]) {
      const chosen = firmware.value
      const offered = chosen === '' || versions.includes(chosen) ? versions : [...versions, chosen]
      if (offered.join() === known) return
      known = offered.join()
      const all = firmware.options[0]
      firmware.replaceChildren(...(all ? [all] : []), ...offered.map(value => h('option', { value }, value)))
      firmware.value = chosen
    },
  }
}
