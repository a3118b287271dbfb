/**
 * How the parts of the estate sign in at the broker. Their passwords come from the fleet's key, by a purpose of their
 * own: the fleet takes any name with the password that it derives, so the same one would make a vehicle of them.
 */
import { createHmac } from 'node:crypto'
import { sampleFilters } from './topics.ts'

const derived = (key: string, of: string) => createHmac('sha256', key).update(of).digest('base64url')

/** The password with which a part of the estate signs in; its user name and client id are its name. */
export const estatePassword = (key: string, client: string): string => derived(key, `estate:${client}`)

/** Those whom another broker knows (`mosquitto/acl`). Who runs more of one sort adds them there. */
export const estateClients = [
  'estate-generator',
  'estate-host',
  'estate-ingest',
  'estate-ingest-2',
  'estate-ingest-3',
  'estate-transform',
] as const

/**
 * What one of several ingestions listens to: each message goes to one of them. The group's name is a secret: Mosquitto
 * lets everybody join a group and asks only at the delivery who may read, so who knew the name could make it drop
 * another's share.
 */
export const sharedFilters = (key: string): string[] =>
  sampleFilters.map(filter => `$share/estate-${derived(key, 'estate-group').slice(0, 16)}/${filter}`)
