import { expect, test } from 'vitest'
import { arrange } from '../../src/dashboards/layout.ts'

test('panels stand side by side below the title of their row', () => {
  expect(
    arrange([
      [
        [12, 8],
        [12, 8],
      ],
    ]),
  ).toEqual([
    {
      title: { x: 0, y: 0, w: 24, h: 1 },
      panels: [
        { x: 0, y: 1, w: 12, h: 8 },
        { x: 12, y: 1, w: 12, h: 8 },
      ],
    },
  ])
})

test('what does not fit into 24 columns goes below the highest panel of its line', () => {
  const [row] = arrange([
    [
      [10, 8],
      [14, 9],
      [6, 4],
    ],
  ])
  expect(row?.panels[2]).toEqual({ x: 0, y: 10, w: 6, h: 4 })
})

test('a row begins below everything in the row before', () => {
  const [, second] = arrange([
    [
      [12, 4],
      [12, 9],
    ],
    [[24, 3]],
  ])
  expect(second).toEqual({ title: { x: 0, y: 10, w: 24, h: 1 }, panels: [{ x: 0, y: 11, w: 24, h: 3 }] })
})

test('a row without panels is its title', () => {
  expect(arrange([[], [[24, 2]]])[1]?.title.y).toBe(1)
})
