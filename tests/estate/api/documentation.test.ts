import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../../architecture/source.ts'
import { anEstateWorld } from './estate-world.ts'

const text = readFileSync(join(root, 'docs/estate-api.md'), 'utf8')
/** Cells of the tables, row by row. */
const rows = text
  .split('\n')
  .filter(line => line.startsWith('| ') && !line.startsWith('| ---'))
  .map(line => line.split('|').map(cell => cell.trim()))
const addressesIn = (cell = '') => Array.from(cell.matchAll(/`(\/[^`?]*)/g), ([, path = '']) => path)

/** Addresses that are not of the estate. */
const elsewhere = ['/version', '/openapi.json', '/estate', '/stream']

test('every address that the documentation names as ours is an operation', () => {
  const { http } = anEstateWorld()
  const served = new Set(http.operations.all.map(({ path }) => path))
  const named = rows.flatMap(([, source, here]) => [
    ...addressesIn(here),
    ...(/^(GET|POST) `\/estate/.test(source ?? '') ? addressesIn(source) : []),
  ])
  expect(named.length).toBeGreaterThan(60)
  expect(named.filter(path => !served.has(path) && !elsewhere.includes(path))).toEqual([])
})

test('every operation is in the documentation', () => {
  const { http } = anEstateWorld()
  const named = new Set(rows.flatMap(row => row.flatMap(addressesIn)))
  expect(http.operations.all.map(({ path }) => path).filter(path => !named.has(path))).toEqual([])
})

test('all 35 addresses of the source system are there, and the 12 that it promised', () => {
  const sectionOf = (title: string) => text.split(`## ${title}`)[1]?.split('\n## ')[0] ?? ''
  const count = (section: string) => [...section.matchAll(/^\| (GET|WS) /gm)].length
  expect(count(sectionOf('The source system'))).toBe(35)
  expect(count(sectionOf('Names that were promised'))).toBe(12)
})
