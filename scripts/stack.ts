/** Runs the app and the observability stack on this machine; `--help` tells more. */
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { appCommand, commandLine, foldersOf, statePath } from './stack/commands.ts'
import { launch } from './stack/launch.ts'
import { decideOptions, type Options, usage } from './stack/options.ts'
import { down, status } from './stack/other-terminal.ts'
import { planPart } from './stack/plan.ts'
import { findPrograms } from './stack/programs.ts'
import { decideSettings, type Settings } from './stack/settings.ts'
import { isAlive, readState } from './stack/state.ts'
import { readVariables } from './stack/variables.ts'

const EX_CONFIG = 78

const root = fileURLToPath(new URL('..', import.meta.url))
const args = process.argv.slice(2)
const print = (text: string) => process.stdout.write(text)
process.exitCode = await run()

async function run(): Promise<number> {
  const { options, problems } = decideOptions(args)
  if (options.task === 'help') {
    print(usage)
    return 0
  }
  const variables = readVariables(root)
  const { settings, problems: ofPorts } = decideSettings(root, variables)
  const all = [...problems, ...ofPorts, ...findPrograms(variables).problems]
  if (all.length > 0) {
    process.stderr.write(
      `The stack cannot start:\n${all.map(each => `  - ${each}\n`).join('')}  Try: npm run stack -- --help\n`,
    )
    return EX_CONFIG
  }
  if (options.task === 'down') return down(settings, print)
  if (options.task === 'status') return status(settings, print)
  if (options.task === 'render') return render(settings, options)
  const state = readState(statePath(settings))
  if (state && (await isAlive(state.supervisor))) {
    print(
      `The stack runs already (process ${state.supervisor.pid}). See it: npm run stack -- status; end it: npm run stack -- down\n`,
    )
    return 1
  }
  return launch(settings, args, options.detach)
}

async function render(settings: Settings, options: Options): Promise<number> {
  for (const folder of foldersOf(settings)) mkdirSync(folder, { recursive: true })
  const { programs } = findPrograms(settings.variables)
  if (options.app) print(`# app\n${commandLine(appCommand(settings))}\n`)
  for (const name of options.parts) {
    const { row, command } = await planPart(name, programs[name], settings)
    print(
      `# ${name}\n${command ? commandLine(command) : `# ${row.standing}${row.why ? `: ${row.why}` : ''}`}\n`,
    )
  }
  return 0
}
