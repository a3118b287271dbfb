import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { StartFailure } from '../shared/errors.ts'
import { newSecret } from '../shared/id.ts'

/**
 * The token in a file that Alertmanager reads too. A file that is not there is made, with a new token.
 * @throws StartFailure when it cannot be read or made
 */
export function tokenIn(file: string): string {
  try {
    if (!existsSync(file)) makeWhole(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(file, error as Error)
  }
  try {
    const token = readFileSync(file, 'utf8').trim()
    if (token.length >= 8) return token
  } catch (error) {
    throw unusable(file, error as Error)
  }
  throw unusable(file, new Error('a token has at least 8 characters'))
}

/** The file appears with its token in it, and only if nobody else has made it meanwhile. */
function makeWhole(file: string): void {
  const draft = `${file}.${process.pid}`
  mkdirSync(dirname(file), { recursive: true })
  try {
    writeFileSync(draft, newSecret(), { mode: 0o644 })
    linkSync(draft, file)
  } finally {
    rmSync(draft, { force: true })
  }
}

const unusable = (file: string, { message }: Error) =>
  new StartFailure(
    `The file of the alert webhook's token cannot be used: ${file} (${message})`,
    'set ALERT_WEBHOOK_TOKEN_FILE to a file that can be written, or ALERT_WEBHOOK_TOKEN',
  )
