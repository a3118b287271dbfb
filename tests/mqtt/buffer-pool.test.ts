import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { generate } from 'mqtt-packet'
import { expect, test } from 'vitest'
import '../../src/mqtt/embedded-broker.ts'

setFlagsFromString('--expose-gc')
const sweep: () => void = runInNewContext('gc')

const held = () => {
  sweep()
  return process.memoryUsage().arrayBuffers
}

test('the length of a packet that was once written keeps no more than 8 KB alive', async () => {
  const lengths = 400
  const before = held()
  for (let length = 200; length < 200 + lengths; length++) {
    generate({ cmd: 'publish', topic: 't', payload: 'x'.repeat(length), qos: 0, dup: false, retain: false })
    // Others need buffers meanwhile, so that the next one is cut from another slab.
    for (let other = 0; other < 80; other++) Buffer.allocUnsafe(1000)
  }
  // Swept buffers are given back by another thread, a moment later.
  await expect.poll(() => (held() - before) / lengths, { timeout: 5000 }).toBeLessThan(10_000)
})
