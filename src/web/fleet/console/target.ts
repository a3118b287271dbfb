import type { CampaignRequest } from '../../../fleet/campaigns/api.ts'
import type { Model, Region } from '../../../vehicle/equipment.ts'
import { h } from '../../dom.ts'
import { modelNames, places, regionNames } from '../places.ts'
import { boxes, textField } from './field.ts'

/** Which vehicles a campaign means. */
export function targetFields() {
  const regions = boxes(
    'target.regions',
    'Regions',
    regionNames.map(region => [region, places[region].name]),
    'None ticked: every region.',
  )
  const models = boxes('target.models', 'Models', Object.entries(modelNames), 'None ticked: every model.')
  const firmware = textField('target.firmware', 'Firmware that runs now', {
    hint: 'Versions with commas between. Empty: any.',
    placeholder: '1.2.0, 1.3.0',
  })
  const vehicles = textField('target.vehicles', 'Single vehicles', {
    hint: 'Names with commas between. Empty: all.',
    placeholder: 'vehicle_00001',
  })
  const words = (text: string) => text.split(/[\s,;]+/).filter(word => word !== '')
  return {
    element: h(
      'details',
      {},
      h('summary', {}, 'Which vehicles: all of them, unless you choose'),
      regions.element,
      models.element,
      h('div', { class: 'fields' }, firmware.element, vehicles.element),
    ),
    fields: [firmware, vehicles],
    /** Lists that are empty are left out: those mean every vehicle. */
    read(): CampaignRequest['target'] {
      const lists = {
        regions: regions.ticked() as Region[],
        models: models.ticked() as Model[],
        firmware: words(firmware.text()),
        vehicles: words(vehicles.text()),
      }
      return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0))
    },
  }
}
