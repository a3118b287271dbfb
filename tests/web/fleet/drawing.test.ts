import { expect, test } from 'vitest'
import { models, regions } from '../../../src/vehicle/equipment.ts'
import { updateStates } from '../../../src/vehicle/update-states.ts'
import { webModule } from '../fake-page.ts'

type Reported = [string, number, number, number, 'online' | 'offline' | 'updating']
interface Cluster {
  region: string
  total: number
  states: Record<string, number>
}
const { clustersOf, radiusOf } = await webModule<{
  clustersOf(vehicles: Reported[]): Cluster[]
  radiusOf(count: number, most: number, least: number, largest: number): number
}>('fleet/map/clusters')
const { places, modelNames } = await webModule<{
  places: Record<string, { latitude: number; longitude: number }>
  modelNames: Record<string, string>
}>('fleet/places')
const { trendPath } = await webModule<{
  trendPath(trend: { at: string; average_percent: number | null }[]): string
}>('fleet/charts/battery-trend')
const { stepPath } = await webModule<{
  stepPath(points: Point[], count: (point: Point) => number, most: number): string
}>('fleet/campaigns/completion')
const { statesOf, updateStateNames, rateWords } = await webModule<{
  statesOf(counts: Record<string, number>): { state: string; group: string; count: number }[]
  updateStateNames: string[]
  rateWords(rate: number | null): string
}>('fleet/campaigns/groups')

interface Point {
  at: string
  settled: number
  succeeded: number
}

test('the page knows every region, model and state of an update that the server knows', () => {
  expect(Object.keys(places).sort()).toEqual([...regions].sort())
  expect(Object.keys(modelNames).sort()).toEqual([...models].sort())
  expect([...updateStateNames].sort()).toEqual([...updateStates].sort())
})

test('vehicles are counted at the city that is nearest; a city without vehicles is there too', () => {
  const clusters = clustersOf([
    ['a', 30.3, -97.7, 0, 'online'],
    ['b', 30.1, -97.9, 0, 'updating'],
    ['c', 42.4, -71.1, 0, 'offline'],
  ])
  expect(clusters).toHaveLength(regions.length)
  expect(clusters.find(({ region }) => region === 'austin')).toMatchObject({
    total: 2,
    states: { online: 1, updating: 1, offline: 0 },
  })
  expect(clusters.find(({ region }) => region === 'boston')).toMatchObject({ total: 1 })
  expect(clusters.find(({ region }) => region === 'seattle')).toMatchObject({ total: 0 })
})

test('the radius of a circle grows with the root of its count; none has no circle', () => {
  expect([0, 25, 100].map(count => radiusOf(count, 100, 10, 30))).toEqual([0, 20, 30])
  expect(radiusOf(0, 0, 10, 30)).toBe(0)
})

test('minutes without a measurement are gaps in the trend, and a lone minute is a dash', () => {
  const trend = [100, null, 50, 0].map(average_percent => ({ at: '', average_percent }))
  expect(trendPath(trend)).toBe('M0.0 0.0h3M400.0 75.0L600.0 150.0')
})

test('completion is drawn as steps over time', () => {
  const at = (second: number, settled: number) => ({
    at: new Date(second * 1000).toISOString(),
    settled,
    succeeded: 0,
  })
  const path = stepPath([at(0, 0), at(30, 5), at(60, 10)], ({ settled }) => settled, 10)
  expect(path).toBe('M0.0 120.0H300.0V60.0H600.0V0.0')
})

test('states are shown by what they mean: success first, what is out last, none with no vehicle', () => {
  expect(statesOf({ INELIGIBLE: 2, FAILED: 1, SUCCEEDED: 3, DOWNLOADING: 0 })).toEqual([
    { state: 'SUCCEEDED', group: 'succeeded', count: 3 },
    { state: 'FAILED', group: 'failed', count: 1 },
    { state: 'INELIGIBLE', group: 'out', count: 2 },
  ])
})

test('a rate without data is a dash, not 100 %', () => {
  expect([null, 0, 0.025, 0.786, 1].map(rateWords)).toEqual(['–', '0 %', '2.5 %', '79 %', '100 %'])
})
