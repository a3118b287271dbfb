import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { dashboards, fileOf } from '../../src/dashboards/index.ts'

const folder = fileURLToPath(new URL('../../grafana/dashboards/', import.meta.url))
const files = dashboards.map(fileOf)

test.each(files)('%s is what the code makes, byte for byte', (name, text) => {
  expect(readFileSync(`${folder}${name}`, 'utf8') === text, 'run npm run generate').toBe(true)
})

test.each(files)('%s says the same when it is read', (_name, text) => {
  const [board] = dashboards.filter(({ uid }) => uid === JSON.parse(text).uid)
  expect(JSON.parse(text)).toEqual(board)
})

test('there is no file beside those', () => {
  expect(readdirSync(folder).sort()).toEqual(files.map(([name]) => name).sort())
})

test('each of the six has its own uid, which is the name of its file', () => {
  expect(dashboards.map(({ uid }) => uid)).toEqual([
    'license-operations',
    'service-slo',
    'releases-incidents',
    'fleet',
    'estate',
    'logs',
  ])
})

test('nothing that only TypeScript knows is in a file', () => {
  for (const [, text] of files) expect(text).not.toMatch(/_implements|undefined|\[object|NaN/)
})
