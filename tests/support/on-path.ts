import { findOnPath } from '../../scripts/stack/programs.ts'

/** Whether a program can be started by one of its names. */
export const isOnPath = (...names: string[]): boolean => findOnPath(names, process.env.PATH) !== null

/** The Debian packages that the tests of the real stack need and this machine does not have. */
export const missingPackages: readonly string[] = [
  ...(isOnPath('prometheus') ? [] : ['prometheus']),
  ...(isOnPath('alertmanager', 'prometheus-alertmanager') ? [] : ['prometheus-alertmanager']),
]
