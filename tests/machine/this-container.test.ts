import { expect, test } from 'vitest'
import { containerUse, isContained, limitOf, type ReadText } from '../../src/machine/this-container.ts'

const files =
  (texts: Record<string, string>): ReadText =>
  async path =>
    texts[path] ?? null

test.each([
  ['a machine without control groups', {}, false],
  ['a login session', { '/proc/self/cgroup': '0::/user.slice/user-1000.slice/session-2.scope\n' }, false],
  ['the root of a machine', { '/proc/self/cgroup': '0::/\n' }, false],
  ['a container of version 1', { '/proc/self/cgroup': '5:memory:/docker/8f3a\n' }, true],
  ['a pod', { '/proc/self/cgroup': '0::/kubepods.slice/kubepods-pod1.slice\n' }, true],
  ['a container that hides its name', { '/proc/self/cgroup': '0::/\n', '/.dockerenv': '' }, true],
  ['another runtime', { '/proc/self/cgroup': '0::/\n', '/run/.containerenv': 'engine="x"' }, true],
])('%s is told from a container', async (_, texts, expected) => {
  expect(await isContained(files(texts as Record<string, string>))).toBe(expected)
})

test('use is read from control groups of version 2, without what the kernel could give back', async () => {
  const use = await containerUse(
    files({
      '/sys/fs/cgroup/memory.current': '300000000\n',
      '/sys/fs/cgroup/memory.stat': 'anon 1\nactive_file 7\ninactive_file 100000000\n',
      '/sys/fs/cgroup/cpu.stat': 'usage_usec 2500000\nuser_usec 1\n',
    }),
  )
  expect(use).toEqual({ memoryBytes: 200_000_000, cpuMs: 2500 })
})

test('use is read from control groups of version 1', async () => {
  const use = await containerUse(
    files({
      '/sys/fs/cgroup/memory/memory.usage_in_bytes': '300000000\n',
      '/sys/fs/cgroup/memory/memory.stat': 'inactive_file 5\ntotal_inactive_file 50000000\n',
      '/sys/fs/cgroup/cpuacct/cpuacct.usage': '2500000000\n',
    }),
  )
  expect(use).toEqual({ memoryBytes: 250_000_000, cpuMs: 2500 })
})

test('what the kernel does not say is not made up', async () => {
  expect(await containerUse(files({}))).toBeNull()
  expect(await containerUse(files({ '/sys/fs/cgroup/memory.current': '1' }))).toBeNull()
  expect(await containerUse(files({ '/sys/fs/cgroup/memory.current': '' }))).toBeNull()
})

test.each([
  [undefined, null],
  [0, null],
  [1000, null],
  [18446744073709552000, null],
  [999, 999],
])('of %s constrained bytes in a machine of 1000, the limit is %s', (constrained, limit) => {
  expect(limitOf(constrained, 1000)).toBe(limit)
})
