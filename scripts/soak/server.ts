/** The built server as a process that is stopped, killed and started again on the same files and ports. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { FLEET_KEY, mqttPortOf, TOKEN } from '../bench/server.ts'
import type { Phase } from './explain.ts'

const root = new URL('../..', import.meta.url).pathname
const START_MS = 120_000
const STOP_MS = 60_000

export interface Life {
  number: number
  pid: number
  /** Milliseconds until it was ready. */
  startMs: number
}

export interface Stop {
  how: 'SIGTERM' | 'SIGKILL'
  code: number | null
  ms: number
  /** When it was asked for: performance.now(). */
  at: number
}

export interface Soaked {
  readonly url: string
  readonly port: number
  readonly mqttPort: number
  readonly phase: Phase
  /** Counts changes of the phase: what was asked and answered in the same one was not disturbed. */
  readonly changes: number
  readonly life: Life
  readonly stops: readonly Stop[]
  /** Why it ended though nobody asked it to; null: it did not. */
  readonly death: string | null
  /** What it said on standard error beside its welcome. */
  readonly complaints: readonly string[]
  start(): Promise<void>
  end(how: Stop['how']): Promise<void>
  /** Ends it at once, if it runs, without a word of it. */
  abandon(): void
  /** Resolves once it is up, or at once when it never will be again. */
  ready(): Promise<void>
}

/** @param port 0: any free one, and the same one from then on */
export function soakedServer(
  { dbPath, logPath, port: wantedPort }: { dbPath: string; logPath: string; port: number },
  more: Record<string, string>,
): Soaked {
  let child: ChildProcess | null = null
  let port = wantedPort
  let mqttPort = 0
  let phase: Phase = 'down'
  let changes = 0
  let death: string | null = null
  let life: Life = { number: 0, pid: 0, startMs: 0 }
  const stops: Stop[] = []
  const complaints: string[] = []
  const become = (next: Phase) => {
    phase = next
    changes++
  }

  async function start() {
    become('starting')
    const startedAt = performance.now()
    const args = ['dist/main.js', '--port', String(port), '--host', '127.0.0.1', '--db', dbPath]
    const started = spawn(process.execPath, args, {
      cwd: root,
      env: {
        ...process.env,
        PRESENTER_TOKEN: TOKEN,
        FLEET_KEY,
        MQTT_PORT: String(mqttPort),
        LOG_FILE: logPath,
        ...more,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
      // Ctrl-C in a terminal is for the soak: it stops the server in its own time.
      detached: true,
    })
    child = started
    let text = ''
    let isWelcome = true
    const welcomed = new Promise<void>((resolve, reject) => {
      started.stderr?.setEncoding('utf8').on('data', (part: string) => {
        if (!isWelcome) complaints.push(...part.split('\n').filter(line => line.trim() !== ''))
        text += isWelcome ? part : ''
        port = Number(/http:\/\/localhost:(\d+)/.exec(text)?.[1] ?? port)
        if (!/Stop with Ctrl-C.*\n\n/.test(text)) return
        isWelcome = false
        resolve()
      })
      started.once('exit', (code, signal) =>
        reject(new Error(`the server ended with ${code ?? signal}:\n${text}`)),
      )
      setTimeout(() => reject(new Error(`the server did not start:\n${text}`)), START_MS).unref()
    })
    started.once('exit', (code, signal) => {
      if (phase !== 'up') return
      death = `it ended by itself with ${code ?? signal}: ${complaints.slice(-5).join(' ')}`
      become('down')
    })
    await welcomed
    mqttPort = await mqttPortOf(`http://127.0.0.1:${port}`)
    life = { number: life.number + 1, pid: started.pid ?? 0, startMs: performance.now() - startedAt }
    become('up')
  }

  return {
    get url() {
      return `http://127.0.0.1:${port}`
    },
    get port() {
      return port
    },
    get mqttPort() {
      return mqttPort
    },
    get phase() {
      return phase
    },
    get changes() {
      return changes
    },
    get life() {
      return life
    },
    stops,
    get death() {
      return death
    },
    complaints,
    start,
    async end(how) {
      const ending = child
      if (!ending || ending.exitCode !== null || ending.signalCode !== null) return
      become('stopping')
      const from = performance.now()
      const exited = once(ending, 'exit')
      ending.kill(how)
      const late = setTimeout(() => ending.kill('SIGKILL'), STOP_MS)
      const [code] = (await exited) as [number | null]
      clearTimeout(late)
      stops.push({ how, code, ms: performance.now() - from, at: from })
      become('down')
    },
    abandon: () => {
      child?.kill('SIGKILL')
    },
    async ready() {
      while (phase !== 'up' && death === null) await wait(50)
    },
  }
}
