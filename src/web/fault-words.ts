import type { FaultName } from '../delivery/api.ts'

/** Each fault by its title, and what it does. */
export const faultTexts: Record<FaultName, { title: string; what: string }> = {
  errors: { title: 'Errors', what: 'borrows fail as if by a defect' },
  latency: { title: 'Latency', what: 'borrows wait before they are decided' },
  seat_leak: { title: 'Seat leak', what: 'seats that came back are held by nobody' },
  browser_script: { title: 'Browser script', what: 'a script of the audience’s page throws' },
  noisy_logs: { title: 'Noisy logs', what: 'useless lines for each borrow' },
}

const textsOf = (name: string) => (name in faultTexts ? faultTexts[name as FaultName] : null)

/** The words of a fault's name, as in a list of deployments. */
export const faultWords = (name: string): string => textsOf(name)?.title.toLowerCase() ?? name

/** What faults do, as a list in words. */
export const faultEffects = (names: readonly string[]): string =>
  names.map(name => textsOf(name)?.what ?? name).join('; ')
