import { networkInterfaces } from 'node:os'

/** This machine's first IPv4 address that others may reach; undefined: it has none. */
export function lanAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap(addresses => addresses ?? [])
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address
}
