/** The process: environment, signals, exit code. */
import { createApp } from './app.ts'
import { readBuildInfo } from './config/build-info.ts'
import { decideConfig, helpText } from './config/config.ts'
import { readEnvironment } from './config/env.ts'
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

async function run(config: ReturnType<typeof decideConfig>) {
  const twinloop = createApp(config)
  const stopped = async () => {
    await twinloop.stop()
    process.exit()
  }
  const server = await twinloop.start().catch(async error => {
    await twinloop.stop()
    throw error
  })
  process.stderr.write(await welcome(config, server.port))
  let signals = 0
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      signals++
      if (signals > 1) process.exit(1)
      void server.drain().then(stopped)
    })
}
