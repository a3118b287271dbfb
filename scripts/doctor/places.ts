/** The machine: room on the disk, folders, clock, network. */
import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { dirname, resolve } from 'node:path'
import type { Settings } from '../stack/settings.ts'
import { type Check, ok, problem, warning } from './check.ts'

const GIGABYTE = 1e9
const ENOUGH_BYTES = 2 * GIGABYTE
const YEARS = { from: 2026, to: 2050 }

export function decideRoom(name: string, folder: string, freeBytes: number): Check {
  const says = `${(freeBytes / GIGABYTE).toFixed(1)} GB free at ${folder}`
  return freeBytes < ENOUGH_BYTES
    ? warning(name, says, 'make room: metrics take up to 2 GB, log files 0.3 GB')
    : ok(name, says)
}

export function decideWritable(name: string, folder: string, refusal: string | null): Check {
  return refusal === null
    ? ok(name, `${folder} can be written`)
    : problem(name, `${folder} cannot be written: ${refusal}`, 'change its owner, or set another place')
}

export const decideClock = (year: number): Check =>
  year >= YEARS.from && year <= YEARS.to
    ? ok('clock', `the year is ${year}`)
    : problem('clock', `it says the year is ${year}`, 'set the clock: times of logs and metrics come from it')

/** @param addresses of this machine on the network */
export function decideNetwork(addresses: readonly string[], host: string | undefined, port: number): Check {
  if (host && ['127.0.0.1', 'localhost', '::1'].includes(host))
    return warning('phones', `HOST=${host} keeps them out`, 'remove HOST')
  return addresses.length > 0
    ? ok('phones', addresses.map(address => `http://${address}:${port}`).join('  '))
    : warning('phones', 'this machine has no address on a network', 'join one, or stay on this machine')
}

/** Looks at the machine. */
export function lookAtMachine({ root, folder, logFile, variables, ports }: Settings): Check[] {
  const database = dirname(resolve(root, variables.LICENSE_DB_PATH ?? 'licenses.db'))
  const logs = dirname(logFile)
  return [
    decideRoom('room for data', folder, freeBytes(folder)),
    decideRoom('room for logs', logs, freeBytes(logs)),
    decideWritable('log folder', logs, refusalOf(logs)),
    decideWritable('database folder', database, refusalOf(database)),
    decideClock(new Date().getFullYear()),
    decideNetwork(lanAddresses(), variables.HOST, ports.app),
  ]
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(existing(folder))
  return bavail * bsize
}

/** Why a folder cannot be written, or made, or null when it can. */
function refusalOf(folder: string): string | null {
  const there = existing(folder)
  try {
    accessSync(there, constants.W_OK | constants.X_OK)
    return statSync(there).isDirectory() ? null : `${there} is a file`
  } catch (error) {
    return `${there}: ${(error as NodeJS.ErrnoException).code}`
  }
}

const existing = (folder: string): string => (existsSync(folder) ? folder : existing(dirname(folder)))

const lanAddresses = (): string[] =>
  Object.values(networkInterfaces())
    .flatMap(addresses => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
