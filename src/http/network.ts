/** Whose address it is. */
import { isIP } from 'node:net'

/** Whether it is this machine itself. */
export const isLoopback = (address: string) => address === '::1' || /^(::ffff:)?127\./.test(address)

/** One IPv6 customer has a whole /64: the first four of eight groups, with what `::` stands for filled in. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6 || address.startsWith('::ffff:')) return address
  const [head = '', tail] = address.split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':'))
  const zeros = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length
  const all = [...groups(head), ...Array<string>(zeros).fill('0'), ...groups(tail ?? '')]
  return all
    .slice(0, 4)
    .map(group => Number.parseInt(group, 16).toString(16))
    .join(':')
}
