/** Runs the server from its sources and starts it anew when they change; pages are rebuilt too. */
import { type ChildProcess, spawn } from 'node:child_process'

const start = (args: string[]): ChildProcess => spawn('npx', ['tsx', ...args], { stdio: 'inherit' })

const children = [
  start(['scripts/build.ts', '--watch']),
  start(['watch', '--clear-screen=false', 'src/main.ts', ...process.argv.slice(2)]),
]
for (const child of children) child.on('exit', code => stop(code ?? 0))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(0))

function stop(code: number): void {
  for (const child of children) child.kill('SIGTERM')
  process.exitCode = code
}
