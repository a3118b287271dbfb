#!/usr/bin/env node
/** The process of the command line: what it is given, its streams, signals and exit code. */
import { userInfo } from 'node:os'
import { type StopSignal, stopSignals } from './cli/outside.ts'
import { runCommandLine } from './cli/run.ts'
import { readBuildInfo } from './config/build-info.ts'

const BROKEN_PIPE = 128 + 13

// Whoever reads has gone (`twinloop watch | head -1`): as if the signal of it had ended this process.
process.stdout.on('error', () => process.exit(BROKEN_PIPE))
process.stderr.on('error', () => {})

process.exitCode = await runCommandLine(process.argv.slice(2), {
  env: process.env,
  version: readBuildInfo().version,
  loginName() {
    try {
      return userInfo().username
    } catch {
      // A container may run under a number without a name.
      return process.env.USER ?? null
    }
  },
  out: process.stdout,
  err: process.stderr,
  hasTerminal: process.stdin.isTTY === true,
  onSignal(handler) {
    for (const signal of stopSignals) process.on(signal, handler)
    return () => {
      for (const signal of stopSignals) process.off(signal, handler as (signal: StopSignal) => void)
    }
  },
})
