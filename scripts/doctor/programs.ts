/** Which programs of the stack are on this machine, and whether they are new enough. */
import { type Platform, platformHere, waysToGet } from '../stack/get.ts'
import { type PartName, partNames, parts } from '../stack/parts.ts'
import { findOnPath, findPrograms } from '../stack/programs.ts'
import type { Variables } from '../stack/variables.ts'
import { isAtLeast, outputOf, versionIn } from '../stack/versions.ts'
import { type Check, ok, problem, warning } from './check.ts'

const OLDEST_COMPOSE = '2.20.0'
const ENGINE_MS = 5000

/** @param said what it printed when asked for its version; null: it did not run */
export function decideProgram(
  name: PartName,
  program: string | null,
  said: string | null,
  platform: Platform,
): Check {
  const get = waysToGet([name], platform).join('; ')
  if (program === null) return warning(name, 'not found; the demo runs without it', get)
  if (said === null)
    return warning(
      name,
      `${program} does not say its version`,
      `see what is wrong: ${program} ${parts[name].versionFlag}`,
    )
  const version = versionIn(said)
  if (version === null) return ok(name, `${program}, of unknown version`)
  const { oldest } = parts[name]
  return isAtLeast(version, oldest)
    ? ok(name, `${program} ${version}`)
    : warning(name, `${program} ${version} is older than ${oldest} and may refuse the configuration`, get)
}

/** Each is what the command printed, or null: it failed. */
export interface Docker {
  program: string | null
  compose: string | null
  engine: string | null
}

export function decideDocker({ program, compose, engine }: Docker): Check[] {
  if (program === null)
    return [warning('docker', 'not found; the demo runs without it', 'install Docker, or use: npm run stack')]
  const version = compose === null ? null : versionIn(`version ${compose.trim()}`)
  const answer = engine?.trim().split('\n')[0]
  const update = `install Docker Compose ${OLDEST_COMPOSE} or newer`
  return [
    answer
      ? ok('docker', `engine ${answer}`)
      : warning('docker', 'the engine does not answer', 'start Docker, or use: npm run stack'),
    version === null
      ? warning('docker compose', 'not found', update)
      : isAtLeast(version, OLDEST_COMPOSE)
        ? ok('docker compose', version)
        : warning('docker compose', `${version} is old`, update),
  ]
}

/** Looks for each program and asks for its version. */
export async function lookAtPrograms(variables: Variables): Promise<Check[]> {
  const { programs, problems } = findPrograms(variables)
  const checks = partNames.map(async name => {
    const { binVariable, versionFlag } = parts[name]
    const wrong = problems.find(each => each.startsWith(`${binVariable}:`))
    if (wrong) return problem(name, wrong, `correct ${binVariable} or remove it`)
    const program = programs[name]
    return decideProgram(name, program, program && (await outputOf(program, [versionFlag])), platformHere())
  })
  const docker = findOnPath(['docker'], variables.PATH)
  const ask = async (...args: string[]) => docker && (await outputOf(docker, args, ENGINE_MS))
  const [compose, engine] = await Promise.all([
    ask('compose', 'version', '--short'),
    ask('info', '--format', '{{.ServerVersion}}'),
  ])
  return [...(await Promise.all(checks)), ...decideDocker({ program: docker, compose, engine })]
}
