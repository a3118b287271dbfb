/** The process: environment, signals, exit code. */
import { createApp } from './app.ts'
import { readBuildInfo } from './config/build-info.ts'
import { type Config, decideConfig } from './config/config.ts'
import { readEnvironment } from './config/env.ts'
import { helpText } from './config/help-text.ts'
import { StartFailure } from './shared/errors.ts'
import { welcome } from './welcome.ts'

try {
  const environment = readEnvironment(process.argv.slice(2))
  const build = readBuildInfo()
  if (environment.help) process.stdout.write(helpText())
  else if (environment.version) process.stdout.write(`${build.version} (${build.commit})\n`)
  else await run(decideConfig(environment, build))
} catch (error) {
  if (!(error instanceof StartFailure)) throw error
  process.stderr.write(`\n${error.message}\n  Try: ${error.hint}\n\n`)
  process.exitCode = error.exitCode
}

async function run(config: Config): Promise<void> {
  const twinloop = createApp(config)
  const starting = twinloop.start()
  let signals = 0
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      signals++
      if (signals === 1) void stop()
      else process.exit(1)
    })

  async function stop() {
    const server = await starting
    await server.drain()
    await twinloop.stop()
    process.exit()
  }

  try {
    const ports = await starting
    process.stderr.write(await welcome(config, ports))
  } catch (error) {
    await twinloop.stop()
    throw error
  }
}
