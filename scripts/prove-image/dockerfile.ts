/** A Dockerfile as data: what each stage does, step by step, and what the last one says of how it runs. */
import {
  type Copy,
  DockerfileParser,
  type From,
  type Instruction,
  type JSONInstruction,
} from 'dockerfile-ast'
import { type Failing, failing, listOf, pairsOf } from './instruction.ts'
import { expand } from './variables.ts'

export type Step = { line: number; cwd: string; user: string } & (
  | { does: 'run'; command: string[]; env: Record<string, string> }
  | { does: 'copy'; from: string | null; sources: string[]; to: string }
  | { does: 'folder' }
)

export interface Stage {
  name: string
  base: string
  steps: Step[]
  env: Record<string, string>
  workdir: string
  user: string
  volumes: string[]
  ports: string[]
  labels: Record<string, string>
  command: string[]
  stopSignal: string
  /** null: none. */
  healthcheck: { command: string[]; intervalMs: number; timeoutMs: number; startMs: number } | null
}

/**
 * Reads a Dockerfile. Knows the instructions that this project's has, in their commonest forms.
 * @param args the values of `--build-arg`
 * @throws Error that names the line of what it does not know
 */
export function readDockerfile(text: string, args: Record<string, string> = {}): Stage[] {
  const stages: Stage[] = []
  /** ARG values seen by the steps of the stage that is read. */
  let visible: Record<string, string> = {}
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const keyword = instruction.getKeyword()
    const line = instruction.getRange().start.line + 1
    const fail = failing(line, keyword)
    if (keyword === 'FROM') {
      stages.push(newStage(instruction, stages.length, fail))
      visible = {}
      continue
    }
    const stage = stages.at(-1)
    if (!stage) throw fail('there is no FROM before it')
    const scope = () => ({ ...visible, ...stage.env })
    const filled = (value: string) => expand(value, scope())
    const content = instruction.getArgumentsContent() ?? ''
    const step = { line, cwd: stage.workdir, user: stage.user }
    if (keyword === 'ARG')
      for (const [name, preset] of pairsOf(instruction))
        visible[name] = Object.hasOwn(args, name) ? (args[name] ?? '') : filled(preset)
    else if (keyword === 'ENV')
      for (const [name, value] of pairsOf(instruction)) stage.env[name] = filled(value)
    else if (keyword === 'LABEL')
      for (const [name, value] of pairsOf(instruction)) stage.labels[name] = filled(value)
    else if (keyword === 'WORKDIR') {
      stage.workdir = within(stage.workdir, filled(content))
      stage.steps.push({ ...step, cwd: stage.workdir, does: 'folder' })
    } else if (keyword === 'RUN')
      stage.steps.push({ ...step, does: 'run', command: commandOf(instruction, fail), env: scope() })
    else if (keyword === 'COPY') stage.steps.push({ ...step, ...copyOf(instruction as Copy, filled, fail) })
    else if (keyword === 'USER') stage.user = filled(content)
    else if (keyword === 'VOLUME') stage.volumes.push(...listOf(instruction))
    else if (keyword === 'EXPOSE') stage.ports.push(...content.split(/\s+/))
    else if (keyword === 'STOPSIGNAL') stage.stopSignal = content
    else if (keyword === 'CMD') stage.command = commandOf(instruction, fail)
    else if (keyword === 'HEALTHCHECK') stage.healthcheck = healthcheckOf(instruction, content, fail)
    else throw fail('is not known here')
  }
  return stages
}

function newStage(from: Instruction, index: number, fail: Failing): Stage {
  const [base = '', as, name] = from.getArguments().map(argument => argument.getValue())
  if ((from as From).getFlags().length > 0) throw fail('has flags, which are not known here')
  return {
    name: as ? (name ?? '') : String(index),
    base,
    steps: [],
    env: {},
    workdir: '/',
    user: 'root',
    volumes: [],
    ports: [],
    labels: {},
    command: [],
    stopSignal: 'SIGTERM',
    healthcheck: null,
  }
}

/** As Docker does: a JSON list is the program itself, a line is for the shell. */
function commandOf(instruction: Instruction, fail: Failing): string[] {
  if ((instruction as JSONInstruction).getFlags().length > 0)
    throw fail('has flags, which are not known here')
  const list = listOf(instruction)
  return list.length > 0 ? list : ['/bin/sh', '-c', instruction.getArgumentsContent() ?? '']
}

function copyOf(copy: Copy, filled: (value: string) => string, fail: Failing) {
  const flags = copy.getFlags()
  const [other] = flags.filter(flag => flag.getName() !== 'from')
  if (other) throw fail(`has --${other.getName()}, which is not known here`)
  const paths = copy.getArguments().map(argument => filled(argument.getValue()))
  const to = paths.pop()
  if (to === undefined || paths.length === 0) throw fail('needs a source and a destination')
  return { does: 'copy' as const, from: flags[0]?.getValue() ?? null, sources: paths, to }
}

function healthcheckOf(instruction: Instruction, content: string, fail: Failing): Stage['healthcheck'] {
  if (content === 'NONE') return null
  const flags = Object.fromEntries(
    (instruction as JSONInstruction).getFlags().map(flag => [flag.getName(), flag.getValue() ?? '']),
  )
  const ms = (name: string, preset: number) => {
    const seconds = /^(\d+)s$/.exec(flags[name] ?? `${preset}s`)?.[1]
    if (seconds === undefined) throw fail(`--${name} is not in whole seconds`)
    return Number(seconds) * 1000
  }
  const list = /^CMD (\[.*\])$/s.exec(content)?.[1]
  if (!list) throw fail('is known with a JSON list only')
  return {
    command: JSON.parse(list),
    intervalMs: ms('interval', 30),
    timeoutMs: ms('timeout', 30),
    startMs: ms('start-period', 0),
  }
}

const within = (folder: string, path: string) => (path.startsWith('/') ? path : `${folder}/${path}`)
