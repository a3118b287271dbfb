import { hostname } from 'node:os'
import { expect, test } from 'vitest'
import { containerSample, serverSample, serviceSample } from '../../src/machine/samples.ts'
import { addTo, type Sketch } from '../../src/machine/sketch.ts'
import type { ReadText } from '../../src/machine/this-container.ts'
import { createHostReader, type HostOptions } from '../../src/machine/this-host.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { fakeClock } from '../support/fake-clock.ts'

const nothing: ReadText = async () => null
const reader = (options: Partial<HostOptions> = {}) =>
  createHostReader({
    hostname: hostname(),
    service: 'twinloop',
    clock: systemClock,
    read: nothing,
    ...options,
  })

test('this machine is really read, and says that it is real', async () => {
  const sample = await reader().server()
  const read = serverSample.parse(sample)
  expect(read.real).toBe(true)
  expect([read.region, read.environment]).toEqual(['here', 'real'])
  expect(read.memory_total_gb).toBeGreaterThan(0)
  expect(read.memory_percent).toBeGreaterThan(0)
  expect(read.memory_percent).toBeCloseTo(
    ((read.memory_used_gb as number) / (read.memory_total_gb as number)) * 100,
    0,
  )
  expect(read.disk_total_gb).toBeGreaterThan(0)
  expect(read.disk_used_gb).toBeLessThanOrEqual(read.disk_total_gb as number)
})

test('samples of one start of the process are numbered one after the other', async () => {
  const host = reader()
  const [first, second] = [await host.server(), await host.server()]
  expect([first?.seq, second?.seq]).toEqual([1, 2])
  expect(first?.boot).toBe(second?.boot)
})

test('a name that samples may not have is made one', async () => {
  const sample = await reader({ hostname: 'müller laptop' }).server()
  expect(serverSample.parse(sample).server_id).toBe('m-ller-laptop')
})

test('outside of a container there is no sample of one', async () => {
  const host = reader()
  expect([await host.container(), await host.container()]).toEqual([null, null])
})

test('use of a container’s processor is measured from one call to the next', async () => {
  const clock = fakeClock()
  let cpuMs = 1000
  const read: ReadText = async path => {
    if (path === '/.dockerenv') return ''
    if (path === '/sys/fs/cgroup/memory.current') return '64000000'
    if (path === '/sys/fs/cgroup/cpu.stat') return `usage_usec ${cpuMs * 1000}`
    return null
  }
  const host = reader({ clock, read })
  expect(await host.container()).toBeNull()
  clock.advance(10_000)
  cpuMs += 100
  const sample = containerSample.parse(await host.container())
  expect(sample.memory_mb).toBe(64)
  expect(sample.cpu_percent).toBeGreaterThan(0)
  expect(sample.cpu_percent).toBeLessThanOrEqual(1)
  expect(sample.service_name).toBe('twinloop')
  expect(sample.restart_count).toBeUndefined()
})

const figures = (times: number[]) => {
  const sketch: Sketch = new Map()
  for (const ms of times) addTo(sketch, ms)
  return { requests: times.length, failed: 1, sketch, cpu: 12.345, memory: null }
}

test('the program tells of itself what was counted', () => {
  const sample = serviceSample.parse(reader({ version: 'v0.1.0' }).service(figures([10, 10, 10, 1000])))
  expect(sample).toMatchObject({
    service_name: 'twinloop',
    version: 'v0.1.0',
    total_requests: 4,
    failed_requests: 1,
    error_rate_percent: 25,
    cpu_avg_percent: 12.35,
    real: true,
  })
  expect(sample.memory_avg_percent).toBeUndefined()
  expect(sample.avg_response_time_ms).toBeGreaterThan(250)
  expect(sample.avg_response_time_ms).toBeLessThan(265)
})

test('where nothing was asked, nothing is said of errors and times', () => {
  expect(reader().service(figures([]))).toBeNull()
})

test('response times of every size fit in a sample, and none is lost', () => {
  const times = Array.from({ length: 600 }, (_, index) => 0.02 * 1.03 ** index)
  const sample = serviceSample.parse(reader().service(figures(times)))
  expect(sample.response_time_sketch?.reduce((sum, [, count]) => sum + count, 0)).toBe(600)
  expect(sample.p95_response_time_ms).toBeGreaterThan(0.02 * 1.03 ** 560)
})
