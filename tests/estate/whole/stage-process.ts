/** One stage of the pipeline as what ships: dist/estate-stage.js in a process of its own. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const PROGRAM = fileURLToPath(new URL('../../../dist/estate-stage.js', import.meta.url))

export interface StageProcess {
  pid: number
  /** What it printed so far: log lines, and what it tells people. */
  text(): string
  isOver(): boolean
  /** The port of its /health, once it says it. */
  port(): number | null
  /** Sends it, and waits for the end. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

export function startStage(args: string[], folder: string, env: Record<string, string> = {}): StageProcess {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  let isOver = false
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', part => {
      text += part
    })
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>(resolve =>
    child.once('close', (code, signal) => {
      isOver = true
      resolve({ code, signal })
    }),
  )
  onTestFinished(async () => {
    if (!isOver) child.kill('SIGKILL')
    await ended
  })
  return {
    pid: child.pid as number,
    text: () => text,
    isOver: () => isOver,
    port: () => {
      const found = text.match(/"event":"server_started".*?"port":(\d+)/)
      return found ? Number(found[1]) : null
    },
    end(signal) {
      child.kill(signal)
      return ended
    },
    ended,
  }
}
