/** Why a message is set aside. A closed set: it is a label of a metric. */
export const deadLetterReasons = [
  'unknown_topic',
  'too_large',
  'malformed_json',
  'invalid',
  'vehicle_mismatch',
  'unknown_vehicle',
  'invalid_vin',
  'vin_taken',
  'fleet_full',
  'too_old',
  'fault',
] as const
export type DeadLetterReason = (typeof deadLetterReasons)[number]
