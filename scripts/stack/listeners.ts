/** Which program listens on a port of this machine. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { basename } from 'node:path'
import { outputOf } from './versions.ts'

export interface Listener {
  /** Null where the system does not tell us: the program belongs to somebody else. */
  pid: number | null
  program: string | null
}

const unknown: Listener = { pid: null, program: null }
const LISTEN = '0A'

/** Inode numbers of the sockets that listen on a port, from the text of /proc/net/tcp or tcp6. */
export function socketsOn(port: number, table: string): string[] {
  const rows = table
    .split('\n')
    .slice(1)
    .map(line => line.trim().split(/\s+/))
  return rows
    .filter(
      ([, local = '', , state]) =>
        state === LISTEN && Number.parseInt(local.split(':')[1] ?? '', 16) === port,
    )
    .map(row => row[9] ?? '')
}

/** The first process in what `lsof -Fpc` printed. */
export function listenerInLsof(text: string): Listener | null {
  const pid = /^p(\d+)$/m.exec(text)?.[1]
  return pid ? { pid: Number(pid), program: /^c(.+)$/m.exec(text)?.[1] ?? null } : null
}

/** A command line in short: the program's name, and the script that an interpreter runs. */
export function shortCommand(argv: readonly string[]): string {
  const [program = '', script] = argv
  const isScript = script !== undefined && /^[^-].*\.\w+$/.test(script)
  return isScript ? `${basename(program)} ${script}` : basename(program)
}

/** Who listens on a port, or null when it is free for `host`. */
export async function whoListens(port: number, host = '127.0.0.1'): Promise<Listener | null> {
  const known = process.platform === 'linux' ? inProc(port) : await byLsof(port)
  return known ?? ((await canListen(port, host)) ? null : unknown)
}

/** How a listener is shown to people. */
export const describe = ({ pid, program }: Listener): string =>
  pid === null ? 'a program that is not yours to see' : `${program ?? 'a program'} (process ${pid})`

async function byLsof(port: number): Promise<Listener | null> {
  return listenerInLsof((await outputOf('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'])) ?? '')
}

function inProc(port: number): Listener | null {
  const sockets = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap(path =>
    socketsOn(port, attempt(() => readFileSync(path, 'utf8')) ?? ''),
  )
  if (sockets.length === 0) return null
  const names = new Set(sockets.map(inode => `socket:[${inode}]`))
  const pids = readdirSync('/proc').filter(name => /^\d+$/.test(name))
  const pid = pids.find(each => openFiles(each).some(file => names.has(file)))
  if (pid === undefined) return unknown
  const argv = attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.split('\0') ?? []
  return { pid: Number(pid), program: shortCommand(argv) || null }
}

const openFiles = (pid: string): string[] =>
  (attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? []).map(
    fd => attempt(() => readlinkSync(`/proc/${pid}/fd/${fd}`)) ?? '',
  )

/** Processes end, and belong to others, while we look. */
function attempt<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
