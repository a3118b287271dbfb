/** What has to be known before a fleet can drive: the server's broker, and the key. */
import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'

const ANSWER_MS = 10_000

/** Something that a person has to put right, and how. */
export class Problem extends Error {
  readonly hint: string
  constructor(message: string, hint: string) {
    super(message)
    this.hint = hint
  }
}

const connectionReply = z.object({
  mqtt_port: z.int().nullable(),
  mqtt_url: z.string().nullable(),
  vehicles_inside: z.int(),
  release_public_key: z.string(),
})

/** Where the broker is, who signs releases, and how many vehicles the server drives itself. @throws Problem */
export async function askConnection(
  url: string,
): Promise<{ broker: string; publicKey: string; inside: number }> {
  const address = new URL('/fleet/connection', url)
  const response = await fetch(address, { signal: AbortSignal.timeout(ANSWER_MS) }).catch((error: Error) => {
    throw new Problem(`${url} does not answer: ${reasonOf(error)}`, 'npm start')
  })
  if (!response.ok)
    throw new Problem(
      `${address} answers ${response.status}`,
      'is it this project’s server, with its fleet on?',
    )
  const reply = connectionReply.safeParse(await response.json().catch(() => null))
  if (!reply.success) throw new Problem(`${address} does not say where the broker is`, 'npm start')
  const { mqtt_port, mqtt_url, vehicles_inside: inside, release_public_key: publicKey } = reply.data
  const broker = mqtt_port === null ? mqtt_url : `mqtt://${address.hostname}:${mqtt_port}`
  if (!broker) throw new Problem(`${url} has no broker`, 'see MQTT_PORT and MQTT_URL in its configuration')
  return { broker, publicKey, inside }
}

const reasonOf = ({ message, cause }: Error) => (cause instanceof Error ? cause.message || message : message)

/** The key of the fleet. @param given of the environment @throws Problem */
export function readKey(given: string | undefined, file: string): string {
  if (given) return given.trim()
  if (!existsSync(file))
    throw new Problem(
      `there is no key: FLEET_KEY is not set, and there is no ${file}`,
      'the server writes the file when it starts; name it with --key-file, or set FLEET_KEY as the server has it',
    )
  const key = readFileSync(file, 'utf8').trim()
  if (key === '') throw new Problem(`${file} is empty`, 'restore it, or set FLEET_KEY as the server has it')
  return key
}

const SPARE_FILES = 200

/** Whether this process may open a connection for each vehicle; null: it may, or it cannot be told. */
export function openFilesProblem(vehicles: number): Problem | null {
  if (!existsSync('/proc/self/limits')) return null
  const limit = Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1])
  if (!(limit < vehicles + SPARE_FILES)) return null
  return new Problem(
    `${vehicles} vehicles need as many connections, and this process may open ${limit} files`,
    `ulimit -n ${vehicles + SPARE_FILES}`,
  )
}
