/** Which test files share a process, and which begin first. Paths from tests/. */
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Folders whose tests run the app's parts, and leave nothing behind, in their own process: a process imports the app
 * once and then takes one file after the other.
 */
export const together: readonly string[] = [
  'architecture',
  'config',
  'dashboards',
  'db',
  'delivery',
  'estate',
  'fleet',
  'http',
  'ingest',
  'licensing',
  'machine',
  'observability',
  'race',
  'rules',
  'scenarios',
  'shared',
  'simulator',
  'stage',
  'support',
  'vehicle',
  'web',
  'wiring',
]

/**
 * Files and folders in these that each have a process of their own: they replace modules, change the environment,
 * start and kill programs, fill disks, or push so hard that a neighbour's rubbish would count.
 */
export const apart: readonly string[] = [
  'db/driver.test.ts',
  'estate/api/reader.test.ts',
  'estate/ingestion',
  'estate/stages',
  'estate/transform/kill.test.ts',
  'estate/transform/replay.test.ts',
  'estate/whole',
  'fleet/bad-days',
  'fleet/kill.test.ts',
  'fleet/whole-fleet.test.ts',
  'http/streams-audience.test.ts',
  'licensing/kill.test.ts',
  'licensing/ledger-model.test.ts',
  'licensing/processes.test.ts',
  'licensing/stampede.test.ts',
  'observability/log-destination.test.ts',
  'observability/log-outputs.test.ts',
  'observability/loki-bound.test.ts',
  'observability/loki-delivery.test.ts',
  'observability/loki-outage.test.ts',
  'observability/promtool.test.ts',
  'rules/rules.test.ts',
  'simulator/traffic-script.test.ts',
  'simulator/vehicles/broker.test.ts',
]

/** The files that take longest, the longest first: begun last, one of them would leave the other worker without work. */
export const longest: readonly string[] = [
  'licensing/kill.test.ts',
  'stack/whole-stack.test.ts',
  'pages/accessibility.test.ts',
  'fleet/whole-fleet.test.ts',
  'fleet/kill.test.ts',
  'estate/whole/server.test.ts',
  'estate/whole/kills.test.ts',
  'pages/estate-everybody.test.ts',
  'scripts/estate-script.test.ts',
  'fleet-twin/story.test.ts',
  'http/streams-audience.test.ts',
  'scripts/stack-run.test.ts',
]

/** Whether a path from tests/ is a file that shares a process. */
export const isTogether = (path: string): boolean =>
  together.some(folder => path.startsWith(`${folder}/`)) &&
  !apart.some(one => path === one || path.startsWith(`${one}/`))

const fromTests = (path: string) => path.slice(path.lastIndexOf('/tests/') + '/tests/'.length)

/** Where a file comes in the order: the longest, then who has a process of its own, then who shares one. */
export function place(path: string): number {
  const rank = longest.indexOf(path)
  if (rank >= 0) return rank
  return isTogether(path) ? longest.length + 1 : longest.length
}

/** The order of a run. Those of one place stand as vitest puts them. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = await super.sort(files)
    return usual.sort((one, other) => place(fromTests(one.moduleId)) - place(fromTests(other.moduleId)))
  }
}
