/** Which vehicles a target means, as a condition on the table of vehicles. */
import type { Target } from './settings.ts'

const lists = { models: 'model', regions: 'region', firmware: 'firmware', vehicles: 'vehicle' } as const

/** SQL with a named parameter for each list: a vehicle is meant when it is in every list that is given. */
export const targetCondition = Object.entries(lists)
  .map(([list, column]) => `(@${list} IS NULL OR ${column} IN (SELECT value FROM json_each(@${list})))`)
  .join(' AND ')

export const targetParams = (target: Target): Record<keyof typeof lists, string | null> => ({
  models: listText(target.models),
  regions: listText(target.regions),
  firmware: listText(target.firmware),
  vehicles: listText(target.vehicles),
})

const listText = (list: readonly string[] | undefined) => (list === undefined ? null : JSON.stringify(list))
