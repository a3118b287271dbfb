/** Writes prometheus/rules from src/rules; with --check only says what differs. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ruleFiles } from '../src/rules/index.ts'

const root = new URL('..', import.meta.url).pathname
const onlyCheck = process.argv.includes('--check')

for (const [path, text] of Object.entries(ruleFiles())) {
  const file = join(root, path)
  if (readOrEmpty(file) === text) continue
  if (onlyCheck) {
    process.stdout.write(`${path} is not what src/rules makes: run npm run generate\n`)
    process.exitCode = 1
    continue
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  process.stdout.write(`wrote ${path}\n`)
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
