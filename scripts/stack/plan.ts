/** Decides for each part whether it is started, and if not, why. */
import { type Command, partCommand } from './commands.ts'
import { askHealth } from './health.ts'
import { describe, type Listener, whoListens } from './listeners.ts'
import { type PartName, parts } from './parts.ts'
import { grafanaHome } from './programs.ts'
import { hasFile, writeRendered } from './render.ts'
import { addressOf, type Settings } from './settings.ts'
import type { Row, Standing } from './table.ts'

export interface Sight {
  program: string | null
  listener: Listener | null
  /** Whether whoever listens is a healthy program of this kind. */
  isThatPart: boolean
  /** What else keeps the part from starting. */
  obstacle: string | null
}

/** @returns why a part is not started, or null when it is */
export function decidePart(
  name: PartName,
  port: number,
  sight: Sight,
): { standing: Standing; why: string } | null {
  const { program, listener, isThatPart, obstacle } = sight
  if (listener && isThatPart)
    return { standing: 'not ours', why: listener.pid === null ? '' : describe(listener) }
  if (listener)
    return {
      standing: 'skipped',
      why: `port ${port} is taken by ${describe(listener)}; end it or set ${parts[name].portVariable}`,
    }
  if (program === null) return { standing: 'not found', why: '' }
  return obstacle === null ? null : { standing: 'failed', why: obstacle }
}

export type Plan = { row: Row; command: Command | null }

/** Looks at the machine, writes the part's file and decides. */
export async function planPart(name: PartName, program: string | null, settings: Settings): Promise<Plan> {
  const port = settings.ports[name]
  const listener = await whoListens(port)
  const isThatPart = listener !== null && (await askHealth(addressOf(settings, name), parts[name])).well
  const home = program !== null && name === 'grafana' ? grafanaHome(program, settings.variables) : ''
  const obstacle =
    home === null
      ? 'its own files were not found; set GRAFANA_HOME to the folder that has conf/defaults.ini'
      : hasFile(name)
        ? writeRendered(name, settings)
        : null
  const decided = decidePart(name, port, { program, listener, isThatPart, obstacle })
  const row = {
    name,
    address: `http://localhost:${port}`,
    standing: 'running' as Standing,
    why: '',
    ...decided,
  }
  const startable = decided === null && program !== null
  return { row, command: startable ? partCommand(name, program, settings, home ?? '') : null }
}

/** Whether the app has to send its lines to Loki itself: a Loki is there, and nothing that ships the file. */
export function appPushesLogs(plans: readonly Plan[]): boolean {
  const works = (name: PartName) =>
    plans.some(({ row, command }) => row.name === name && (command !== null || row.standing === 'not ours'))
  return works('loki') && !works('promtail')
}
