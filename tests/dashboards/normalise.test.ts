import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardLinkBuilder,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries'
import { expect, test } from 'vitest'
import { normalise } from '../../src/dashboards/normalise.ts'

const link = () => new DashboardLinkBuilder('there')
const made = () =>
  new DashboardBuilder('board')
    .link(link())
    .annotation(new AnnotationQueryBuilder().name('mark'))
    .withRow(new RowBuilder('row'))
    .withPanel(new PanelBuilder().links([link()]))
    .build()

test('every panel and row gets a number of its own, from 1', () => {
  expect(made().panels?.map(({ id }) => id)).toEqual([0, undefined])
  expect(normalise(made()).panels?.map(({ id }) => id)).toEqual([1, 2])
})

test('links and annotations are shown in the bar, not hidden in a menu', () => {
  expect(JSON.stringify(made())).toContain('inControlsMenu')
  expect(JSON.stringify(normalise(made()))).not.toContain('inControlsMenu')
})

test('what was given stays as it was', () => {
  const board = made()
  normalise(board)
  expect(board).toEqual(made())
})
