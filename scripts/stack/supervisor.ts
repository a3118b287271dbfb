/**
 * The process that has the parts of the stack as its children. It lives in a session of its own, so that Ctrl-C and the
 * end of a terminal reach it in one way only: its standard input closes, or it gets a signal.
 */
import { decideOptions } from './options.ts'
import { decideSettings } from './settings.ts'
import { up } from './up.ts'
import { readVariables } from './variables.ts'

const root = process.cwd()
const { options } = decideOptions(process.argv.slice(2))
const { settings } = decideSettings(root, readVariables(root))
const stop = new AbortController()
const hurry = new AbortController()
const began = performance.now()

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (stop.signal.aborted) hurry.abort()
    stop.abort()
  })
if (!options.detach) process.stdin.on('close', () => stop.abort()).resume()
// A terminal that is gone must not keep the parts from being stopped.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

const code = await up(settings, options, {
  say: line => process.stderr.write(`${seconds()}  ${line}\n`),
  print: text => process.stdout.write(text),
  stopping: stop.signal,
  hurry: hurry.signal,
})
process.exit(code)

function seconds(): string {
  return `${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s`
}
