import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './source.ts'

const documents = ['README.md', 'ARCHITECTURE.md']
const read = (name: string) => readFileSync(join(root, name), 'utf8')

test.each(documents)('every path that %s names exists', name => {
  const paths = Array.from(
    read(name).matchAll(/`((?:src|static|tests|scripts|prometheus|loki|promtail|grafana)\/[\w./-]*)`/g),
  )
    .map(([, path = '']) => path)
    .filter(path => !path.startsWith('static/assets'))
  expect(paths.filter(path => !existsSync(join(root, path)))).toEqual([])
})

test.each(documents)('every npm command that %s names exists', name => {
  const { scripts } = JSON.parse(read('package.json'))
  const commands = Array.from(read(name).matchAll(/npm run ([\w:]+)/g), ([, command = '']) => command)
  expect(commands.filter(command => !(command in scripts))).toEqual([])
})
