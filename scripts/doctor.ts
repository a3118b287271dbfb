/** Looks at this machine and says what keeps the demo from running, and what to do about it. */
import { fileURLToPath } from 'node:url'
import { commandLine } from './command-line.ts'
import { lookAtBroker } from './doctor/broker.ts'
import { isWell, reportText } from './doctor/check.ts'
import { lookAtVariables } from './doctor/env-file.ts'
import { lookAtMachine } from './doctor/places.ts'
import { lookAtPorts } from './doctor/ports.ts'
import { lookAtPrograms } from './doctor/programs.ts'
import { lookAtProject } from './doctor/project.ts'
import { decideSettings } from './stack/settings.ts'
import { readVariables } from './stack/variables.ts'

const usage = `Looks at this machine and says what keeps the demo from running.

Usage: npm run doctor -- [options]

  --json      one JSON object: {"ok", "checks": [{"name", "verdict", "says", "todo"}]}
  -h, --help  print this

Each line is ok, a warning (the demo runs, a part of it may not) or a problem.
The exit code is 0 when there is no problem, else 1. What it changes: nothing.
`

const flags = commandLine(usage, { json: { preset: false } })
const root = fileURLToPath(new URL('..', import.meta.url))
const variables = readVariables(root)
const { settings, problems } = decideSettings(root, variables)
const groups = await Promise.all([
  lookAtProject(root),
  lookAtVariables(root, variables, problems),
  lookAtPorts(settings),
  lookAtBroker(variables),
  lookAtPrograms(variables),
  lookAtMachine(settings),
])
const checks = groups.flat()
const well = isWell(checks)
process.stdout.write(flags.json ? `${JSON.stringify({ ok: well, checks }, null, 2)}\n` : reportText(checks))
process.exitCode = well ? 0 : 1
