/** What is said after a restore, and how to go back. Pure. */
import { isDatabase } from './manifest.ts'
import type { Plan } from './plan.ts'
import type { Restored } from './restore-backup.ts'

export function restoredText({ moves, left }: Plan, { aside, unasked }: Restored): string {
  const came = moves.filter(({ files }) => files !== null).map(({ target }) => target)
  const back = moves.flatMap(({ target, role, files }) => {
    const names = isDatabase(role) ? [target, `${target}-wal`, `${target}-shm`] : [target]
    const kept = aside.filter(({ from }) => from === target || names.includes(from))
    if (kept.length === 0) return []
    const moved = kept.map(({ from, to }) => `mv ${quoted(to)} ${quoted(from)}`)
    return [
      [
        ...(files === null ? [] : [`rm ${role === 'lake' ? '-r' : '-f'} ${names.map(quoted).join(' ')}`]),
        ...moved,
      ].join(' && '),
    ]
  })
  return [
    'Restored:',
    ...came.map(path => `  ${path}`),
    ...left.map(what => `  left as it is: ${what}`),
    ...unasked.map(path => `  ${path} was damaged: whether a server had it open could not be seen`),
    ...(back.length > 0 ? ['What was there is kept. To go back, stop the server, then:', ...back] : []),
    'Now start the server: it brings the tables up to its version.',
    '',
  ].join('\n')
}

/** As one word of a shell. */
const quoted = (path: string): string =>
  /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`
