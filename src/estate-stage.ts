/** One stage of the estate's pipeline in a process of its own: environment, signals, exit code. */
import { readBuildInfo } from './config/build-info.ts'
import { decideConfig } from './config/config.ts'
import { readEnvironment } from './config/env.ts'
import { StartFailure } from './shared/errors.ts'
import { isStageAlone, startStage } from './stage-alone/start.ts'

const USAGE = `Usage: node dist/estate-stage.js generator|ingest|transform

Runs one stage of the estate's pipeline. It reads the server's variables (npm start -- --help) and

  ESTATE_STAGE_NAME   which of several: 2, 3 (ingest only)
  ESTATE_STAGE_PORT   where it serves /health and /metrics; none: nowhere
`

const [stage, ...rest] = process.argv.slice(2)
try {
  if (stage === '--help' || stage === '-h') process.stdout.write(USAGE)
  else if (!isStageAlone(stage))
    throw new StartFailure('Which stage?', 'node dist/estate-stage.js --help', 78)
  else {
    const environment = readEnvironment(rest)
    // It cannot know what was told before, and samples of the past beside live ones would count twice.
    environment.values.ESTATE_HISTORY_DAYS ||= '0'
    const running = await startStage(stage, decideConfig(environment, readBuildInfo()))
    let signals = 0
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.on(signal, () => {
        signals++
        if (signals === 1) void running.stop().then(() => process.exit())
        else process.exit(1)
      })
  }
} catch (error) {
  if (!(error instanceof StartFailure)) throw error
  process.stderr.write(`\n${error.message}\n  Try: ${error.hint}\n\n`)
  process.exitCode = error.exitCode
}
