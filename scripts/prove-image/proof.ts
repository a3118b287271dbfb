/** What an image must do, whoever builds and runs it. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Engine, Running } from './engine.ts'
import { sizeTable } from './sizes.ts'

export interface ProofOptions {
  version: string
  commit: string
  /** Told of each thing that holds. */
  holds: (text: string) => void
  /** The folder with the sources: which commands there are. */
  context: string
}

const HEALTHY_MS = 120_000
const GRACE_MS = 20_000
const TOKEN = 'presenter-token-of-the-proof'
const env = { PRESENTER_TOKEN: TOKEN, LOG_LEVEL: 'info', FLEET_VEHICLES: '5', ESTATE_SERVERS: '5' }

/** Everything that the server reads of its own files: pages, their parts, and what they load of packages. */
const addresses = [
  ...[
    '/',
    '/dashboard',
    '/config',
    '/overview',
    '/fleet',
    '/estate',
    '/docs',
    '/presentation',
    '/race',
    '/runbook',
  ],
  ...['/presenter', '/preflight', '/assets/index.js', '/assets/index.css', '/assets/fonts/inter-latin.woff2'],
  ...['/vendor/reveal/reveal.mjs', '/vendor/reveal/reveal.css', '/vendor/reveal/reset.css'],
  ...['/vendor/swagger-ui/swagger-ui-bundle.js', '/vendor/swagger-ui/swagger-ui.css'],
  ...['/openapi.json', '/races/recorded', '/join.svg', '/metrics', '/health', '/readyz', '/stream/snapshot'],
]

/** Other commands of the same image; those whose sources are there. */
const commands: [source: string, command: string[], says: RegExp][] = [
  ['src/main.ts', ['node', 'dist/main.js', '--help'], /LICENSE_DB_PATH/],
  ['src/estate-stage.ts', ['node', 'dist/estate-stage.js', '--help'], /generator\|ingest\|transform/],
  ['src/backup.ts', ['node', 'dist/backup.js', '--help'], /./],
  ['src/restore.ts', ['node', 'dist/restore.js', '--help'], /./],
  ['src/cli.ts', ['node', 'dist/cli.js', '--help'], /borrow/],
]

/** Proves the image. @throws Error that says what does not hold */
export async function prove(engine: Engine, options: ProofOptions): Promise<void> {
  const { version, commit, holds, context } = options
  const { parts, packages, bytes } = await engine.sizes()
  holds(`built; ${(bytes / 1e6).toFixed(1)} MB:\n${sizeTable(parts)}`)
  if (packages.length > 0) holds(`its largest packages:\n${sizeTable(packages)}`)

  const first = await started(engine)
  holds('started with a root that cannot be changed; its HEALTHCHECK is well')
  const says = await json(first, '/version')
  expectThat(
    says.version === version && says.commit === commit,
    `it says it is ${says.version} ${says.commit}`,
  )
  holds(`it says it is ${version} ${commit}`)

  for (const address of addresses) {
    const { status } = await ask(first, address)
    expectThat(status === 200, `${address} answers ${status}`)
  }
  holds(`${addresses.length} addresses answer: every page, and what pages load`)

  const seat = await json(first, '/licenses/borrow', { tool: 'cad_tool', user: 'alice' })
  const { status } = await ask(first, '/licenses/return', { id: seat.id })
  expectThat(status === 200, `a return answers ${status}`)
  await json(first, '/licenses/borrow', { tool: 'cad_tool', user: 'bob' })
  holds('a seat was borrowed and returned, and another is out')

  const who = await engine.run(['sh', '-c', 'id -un; touch /app/x /x /data/proof; ls /data'])
  expectThat(/^node\n/.test(who.output), `it runs as ${who.output}`)
  expectThat(
    who.output.split('Read-only').length === 3 && /^proof$/m.test(who.output),
    `not only /data can be written: ${who.output}`,
  )
  holds('it runs as node; of its folders only /data can be written')
  for (const [source, command, expected] of commands.filter(([path]) => existsSync(join(context, path)))) {
    const { code, output } = await engine.run(command)
    expectThat(code === 0 && expected.test(output), `${command.join(' ')} ended with ${code}\n${output}`)
    holds(`${command.join(' ')} works (${source})`)
  }

  await stopped(first)
  holds('the stop signal ended it cleanly, with 0')
  const second = await started(engine)
  const { borrowed } = await json(second, '/licenses/cad_tool/status')
  expectThat(borrowed === 1, `${borrowed} seats are out after the restart`)
  holds('started again on the same data: the seat is still out')
  await stopped(second)
}

async function started(engine: Engine): Promise<Running> {
  const running = await engine.start(env)
  const deadline = performance.now() + HEALTHY_MS
  // The parts of the estate report within seconds of the start; until then /health answers 503.
  while (!((await running.isHealthy()) && (await ask(running, '/health')).ok)) {
    if (running.hasEnded() || performance.now() > deadline) {
      running.kill()
      throw new Error(`it was never healthy:\n${running.output()}`)
    }
    await new Promise(resolve => setTimeout(resolve, 250))
  }
  return running
}

async function stopped(running: Running) {
  const late = setTimeout(running.kill, GRACE_MS)
  const { code, ms } = await running.stop()
  clearTimeout(late)
  expectThat(
    code === 0,
    `it ended with ${code} after ${Math.round(ms)} ms:\n${running.output().slice(-2000)}`,
  )
}

function ask(running: Running, path: string, body?: object): Promise<Response> {
  const request = { headers: { authorization: `Bearer ${TOKEN}` }, redirect: 'manual' as const }
  const url = `${running.address}${path}`
  return fetch(url, body ? { ...request, method: 'POST', body: JSON.stringify(body) } : request)
}

async function json(running: Running, path: string, body?: object): Promise<Record<string, unknown>> {
  const response = await ask(running, path, body)
  expectThat(response.ok, `${path} answers ${response.status}`)
  return (await response.json()) as Record<string, unknown>
}

function expectThat(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise)
}
