/**
 * A command in a file system of its own, without Docker: the stage's folder is the root, and this machine's /usr (its
 * Debian and its Node) is seen in it, read-only. By namespaces of Linux; nothing is left mounted when it ends.
 */
import { cpSync, existsSync, lstatSync, mkdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface Visit {
  command: readonly string[]
  cwd: string
  user: string
  env: Record<string, string>
  /** The root cannot be changed, as with `docker run --read-only`; /tmp can. */
  readOnly: boolean
  /** Folders of this machine that are seen at a path of the root and can be written. */
  volumes: readonly { folder: string; at: string }[]
}

const isRoot = process.getuid?.() === 0
/** The user of Node's images. */
const NODE_ID = 1000
/** Without rights on this machine there is one user in the room, and `node` is its name too. */
const ids: Record<string, number> = { root: 0, node: isRoot ? NODE_ID : 0 }
const nodeFolder = dirname(dirname(process.execPath))
const seen = ['/usr', '/etc/ssl', '/etc/alternatives', ...(nodeFolder.startsWith('/usr') ? [] : [nodeFolder])]
const linked = ['/bin', '/sbin', '/lib', '/lib64']

/** The folders of a base image, with the user `node`. */
export function furnish(root: string): void {
  for (const folder of ['tmp', 'proc', 'dev', 'etc', 'root', 'home/node', ...seen])
    mkdirSync(join(root, folder), { recursive: true })
  for (const path of linked.filter(existsSync))
    if (lstatSync(path).isSymbolicLink()) symlinkSync(readlinkSync(path), join(root, path))
    else mkdirSync(join(root, path))
  // Where both are one, its name is the first.
  const users = Object.entries(ids).reverse()
  const passwd = users.map(([name, id]) => `${name}:x:${id}:${id}::${homeOf(name)}:/bin/sh\n`)
  writeFileSync(join(root, 'etc/passwd'), passwd.join(''))
  writeFileSync(join(root, 'etc/group'), users.map(([name, id]) => `${name}:x:${id}:\n`).join(''))
  for (const file of ['/etc/resolv.conf', '/etc/hosts', '/etc/nsswitch.conf', '/etc/ld.so.cache'])
    if (existsSync(file)) cpSync(file, join(root, file), { dereference: true })
}

/** What to spawn for it. @throws Error when the user is none of Node's image */
export function entering(root: string, visit: Visit) {
  const { command, cwd, user, env, readOnly, volumes } = visit
  const id = ids[user]
  if (id === undefined) throw new Error(`USER ${user}: only root and node are known here`)
  const bare = linked.filter(path => existsSync(path) && !lstatSync(path).isSymbolicLink())
  const script = [
    'set -e',
    'mount --rbind "$ROOM" "$ROOM"',
    ...[...seen, ...bare]
      .filter(existsSync)
      .flatMap(path => [`mount --rbind '${path}' "$ROOM${path}"`, `mount -o remount,bind,ro "$ROOM${path}"`]),
    'mount --rbind /dev "$ROOM/dev"',
    'mount -t proc proc "$ROOM/proc"',
    'mount -t tmpfs tmpfs "$ROOM/tmp"',
    ...volumes.map(({ folder, at }) => `mount --bind '${folder}' "$ROOM${at}"`),
    ...(readOnly ? ['mount -o remount,bind,ro "$ROOM"'] : []),
    'exec chroot "$ROOM" setpriv "$@"',
  ]
  const rights = user === 'root' ? [] : ['--no-new-privs', '--bounding-set=-all', '--inh-caps=-all']
  const identity = isRoot ? [`--reuid=${id}`, `--regid=${id}`, '--clear-groups'] : []
  return {
    file: 'unshare',
    args: [
      ...(isRoot ? [] : ['--user', '--map-root-user']),
      ...['--mount', '--pid', '--fork', '--kill-child=SIGKILL', '--', 'sh', '-c', script.join('\n'), 'sh'],
      ...identity,
      ...rights,
      ...['--', 'sh', '-c', 'cd "$0" && unset ROOM && exec "$@"', cwd, ...command],
    ],
    env: {
      PATH: `${nodeFolder}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
      HOME: homeOf(user),
      ...env,
      ROOM: root,
    },
  }
}

const homeOf = (user: string) => (user === 'root' ? '/root' : `/home/${user}`)
