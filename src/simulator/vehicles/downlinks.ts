/** What a vehicle is told, checked: a vehicle does not trip over a message that it cannot read. */
import { z } from 'zod'
import { ecuNames, hardwareRevisions } from '../../vehicle/equipment.ts'
import { type CommandMessage, commandKinds, type UpdateCommandMessage } from '../../vehicle/messages.ts'
import { VERSION } from '../../vehicle/release.ts'

const command = z.object({
  id: z.string().min(1).max(64),
  kind: z.enum(commandKinds),
  on: z.boolean().optional(),
  celsius: z.number().min(-40).max(60).optional(),
  destination: z.object({ latitude: z.number(), longitude: z.number() }).optional(),
})

const percent = z.number().min(0).max(100)
const named = { update_id: z.string().min(1).max(64), attempt: z.int().min(1) }
const updateCommand = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('offer'),
    ...named,
    manifest: z.object({
      version: z.string().regex(VERSION),
      release_counter: z.int().min(0),
      artifacts: z.array(
        z.object({
          ecu: z.enum(ecuNames),
          hardware: z.array(z.enum(hardwareRevisions)),
          version: z.string(),
          size_bytes: z.int().min(0),
          sha256: z.string(),
        }),
      ),
      requires_firmware: z.string().regex(VERSION).nullable(),
    }),
    signature: z.string(),
    consent_required: z.boolean(),
    battery_floor_percent: percent,
    simulation: z
      .object({
        download_failure_percent: percent.optional(),
        install_failure_percent: percent.optional(),
        self_test_failure_percent: percent.optional(),
        rollback_failure_percent: percent.optional(),
        silence_percent: percent.optional(),
        hardware: z.enum(hardwareRevisions).optional(),
      })
      .optional(),
  }),
  z.object({ kind: z.literal('cancel'), ...named }),
])

/** A command; null: it cannot be read. */
export const readCommand = (payload: string): CommandMessage | null => read(command, payload)

/** An offer or its withdrawal; null: it cannot be read. */
export const readUpdateCommand = (payload: string): UpdateCommandMessage | null =>
  read(updateCommand, payload)

function read<T>(schema: z.ZodType<unknown>, payload: string): T | null {
  try {
    const json: unknown = JSON.parse(payload)
    // The signature is of what came, so that is handed on, and not what the schema made of it.
    return schema.safeParse(json).success ? (json as T) : null
  } catch {
    return null
  }
}
