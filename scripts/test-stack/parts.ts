/** Where the parts are, which of them were asked for, and which answer. */
import { appHealth, parts } from '../stack/parts.ts'

export const partNames = ['prometheus', 'alertmanager', 'loki', 'grafana'] as const
export type PartName = (typeof partNames)[number]

const usual = (port: number) => `http://localhost:${port}`
const APP_PORT = 8000
/** The usual place of each, and its health page. */
const known = [
  { name: 'app', fallback: usual(APP_PORT), health: appHealth.health },
  ...partNames.map(name => ({ name, fallback: usual(parts[name].port), health: parts[name].health })),
] as const

export interface Place {
  url: string
  /** Whether somebody named it: then it must be there. */
  wanted: boolean
  /** Whether it is to be asked at all. */
  chosen: boolean
  answers: boolean
}

const PROBE_MS = 2000

/** @param variables the environment @param only the parts to ask */
export async function findParts(
  variables: Record<string, string | undefined>,
  only: readonly string[],
): Promise<Record<PartName | 'app', Place>> {
  const found = await Promise.all(
    known.map(async ({ name, fallback, health }) => {
      const given = variables[`${name.toUpperCase()}_URL`]
      const url = (given || fallback).replace(/\/+$/, '')
      const chosen = name === 'app' || only.includes(name)
      return [
        name,
        { url, wanted: Boolean(given), chosen, answers: chosen && (await answers(`${url}${health}`)) },
      ]
    }),
  )
  return Object.fromEntries(found)
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(PROBE_MS) })).ok
  } catch {
    return false
  }
}
