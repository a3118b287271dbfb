import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { StartFailure } from '../shared/errors.ts'
import { newSecret } from '../shared/id.ts'
import type { Config } from './config.ts'

export interface SecretFile {
  file: string
  /** What it is, for whom it cannot be read. */
  what: string
  /** What to do about it. */
  hint: string
  /** Who may read a file that is made here. */
  mode: number
}

/** The token with which Alertmanager announces alerts; null: there is none. It runs as another user, so everybody may read its file. */
export function webhookTokenOf({ token, tokenFile }: Config['alertWebhook']): string | null {
  if (tokenFile === null) return token
  return secretIn({
    file: tokenFile,
    what: "the alert webhook's token",
    hint: 'set ALERT_WEBHOOK_TOKEN_FILE to a file that can be written, or ALERT_WEBHOOK_TOKEN',
    mode: 0o644,
  })
}

/** The key that everything of the fleet is derived from. */
export function fleetKeyOf({ key }: Config['fleet']): string {
  if ('text' in key) return key.text
  return secretIn({
    file: key.file,
    what: "the fleet's key",
    hint: 'set FLEET_KEY_FILE to a file that can be written, or FLEET_KEY',
    mode: 0o600,
  })
}

/**
 * The secret in a file. A file that is not there is made, with a new secret.
 * @throws StartFailure when it cannot be read or made
 */
export function secretIn({ file, what, hint, mode }: SecretFile): string {
  const unusable = ({ message }: Error) =>
    new StartFailure(`The file of ${what} cannot be used: ${file} (${message})`, hint)
  try {
    if (!existsSync(file)) makeWhole(file, mode)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(error as Error)
  }
  try {
    const secret = readFileSync(file, 'utf8').trim()
    if (secret.length >= 8) return secret
  } catch (error) {
    throw unusable(error as Error)
  }
  throw unusable(new Error('a secret has at least 8 characters'))
}

/** The file appears with its secret in it, and only if nobody else has made it meanwhile. */
function makeWhole(file: string, mode: number): void {
  const draft = `${file}.${process.pid}`
  mkdirSync(dirname(file), { recursive: true })
  try {
    writeFileSync(draft, newSecret(), { mode })
    linkSync(draft, file)
  } finally {
    rmSync(draft, { force: true })
  }
}
