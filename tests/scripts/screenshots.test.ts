import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pictures } from '../../scripts/screenshots/pictures.ts'
import { pages } from '../../src/stage/pages.ts'
import { root } from '../architecture/source.ts'

const folder = join(root, 'docs/images')
const files = readdirSync(folder).sort()
const documents = ['README.md', ...readdirSync(join(root, 'docs')).filter(name => name.endsWith('.md'))].map(
  name => readFileSync(join(root, name === 'README.md' ? name : `docs/${name}`), 'utf8'),
)

test('each picture has a name of its own and a file, and there is no other file', () => {
  const wanted = pictures.map(({ name }) => `${name}.jpg`).sort()
  expect(new Set(wanted).size).toBe(wanted.length)
  expect(files).toEqual(wanted)
})

test.each(pictures)('$name is in a document, with words for who cannot see it', ({ name }) => {
  const shown = new RegExp(`!\\[[^\\]]{10,}\\]\\((docs/)?images/${name}\\.jpg\\)`)
  expect(documents.filter(text => shown.test(text)).length).toBeGreaterThan(0)
})

test.each(pictures)('$name is of a page of this server, and waits for something', ({ address, shows }) => {
  expect(pages.map(({ address }) => address)).toContain(new URL(address, 'http://localhost').pathname)
  expect(shows.length).toBeGreaterThan(0)
})

test('pictures are JPEG, small one by one and together', () => {
  const sizes = files.map(name => statSync(join(folder, name)).size)
  for (const name of files)
    expect([...readFileSync(join(folder, name)).subarray(0, 2)], name).toEqual([0xff, 0xd8])
  expect(files.filter((_, index) => (sizes[index] ?? 0) > 120_000)).toEqual([])
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1_800_000)
})
