/** The shapes that variables have in common. */
import { z } from 'zod'

export const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine(value => value >= min && value <= max, `must be a whole number from ${min} to ${max}`)

/** A user or password in it would show in logs and on pages. */
export const httpAddress = z
  .url({ protocol: /^https?$/, error: 'must be an http or https address' })
  .refine(url => !/^\w+:\/\/[^/]*@/.test(url), 'must not contain a user or password')

export const onOrOff = z.enum(['on', 'off'], { error: 'must be on or off' })
