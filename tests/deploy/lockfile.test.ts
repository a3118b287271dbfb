import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Package {
  version: string
  gypfile?: boolean
}

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'))
const locked = Object.entries<Package>(read('package-lock.json').packages).filter(([path]) =>
  existsSync(`${path}/binding.gyp`),
)

test('the lock says which packages come compiled: a machine without a compiler can install them', () => {
  const compiled = locked.filter(([path]) => read(`${path}/package.json`).gypfile === false)
  expect(compiled.map(([path]) => path)).toContain('node_modules/better-sqlite3')
  const forgotten = compiled.filter(([, { gypfile }]) => gypfile !== false).map(([path]) => path)
  const why = 'npm leaves `"gypfile": false` out when it writes package-lock.json, then compiles; put it back'
  expect(forgotten, why).toEqual([])
})
