import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { listenerInLsof, shortCommand, socketsOn, whoListens } from '../../scripts/stack/listeners.ts'
import { freePorts } from './stack-world.ts'

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4242 1 0 100 0 0 10 0
   1: 0100007F:1F40 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 4243 1 0 20 4 30 10 -1
   2: 00000000:2382 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4244 1 0 100 0 0 10 0
`

test('only sockets that listen on the port count', () => {
  expect(socketsOn(8000, table)).toEqual(['4242'])
  expect(socketsOn(9090, table)).toEqual(['4244'])
  expect(socketsOn(80, table)).toEqual([])
  expect(socketsOn(8000, '')).toEqual([])
})

test('what lsof prints is read', () => {
  expect(listenerInLsof('p4711\ncnode\nf21\np4712\ncnginx\n')).toEqual({ pid: 4711, program: 'node' })
  expect(listenerInLsof('')).toBeNull()
})

test.each([
  [['/usr/bin/node', 'dist/main.js', '--token', 'x'], 'node dist/main.js'],
  [['nginx: worker'], 'nginx: worker'],
  [['/usr/bin/prometheus', '--config.file=x.yml'], 'prometheus'],
])('%o is shown as %s', (argv, shown) => {
  expect(shortCommand(argv)).toBe(shown)
})

test('a port that is taken is named with the process that has it, a free one is free', async () => {
  const [port = 0] = await freePorts(1)
  expect(await whoListens(port)).toBeNull()
  const server = createServer().listen(port, '127.0.0.1')
  onTestFinished(() => void server.close())
  await new Promise(resolve => server.once('listening', resolve))
  expect((await whoListens(port))?.pid).toBe(process.pid)
})
