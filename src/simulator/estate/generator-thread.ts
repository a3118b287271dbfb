/** The generator's thread. */
import { parentPort, workerData } from 'node:worker_threads'
import { systemClock } from '../../shared/clock.ts'
import { createScheduler, keepRunning } from '../vehicles/scheduler.ts'
import { createEstate } from './estate.ts'
import { createGenerator } from './generator.ts'
import { mqttPublisher } from './mqtt-publisher.ts'
import type { GeneratorThreadOptions, ThreadHears, ThreadSays } from './run-beside.ts'

if (parentPort) serve(parentPort, workerData)

function serve(port: NonNullable<typeof parentPort>, options: GeneratorThreadOptions) {
  const { servers, seed, faultsPerDay, intervalSeconds, factor, startsAt, history, url, user, password } =
    options
  const clientId = options.clientId ?? user
  const say = (said: ThreadSays) => port.postMessage(said)
  const scheduler = createScheduler(systemClock)
  const publisher = mqttPublisher({ url, user, password, clientId })
  const generator = createGenerator({
    estate: createEstate({ servers, seed, faultsPerDay }),
    publish: publisher.publish,
    clock: systemClock,
    scheduler,
    instance: clientId,
    intervalSeconds,
    factor,
    startsAt,
    history,
    report: report => say({ report }),
    progress: progress => say({ progress }),
  })
  const halt = keepRunning(scheduler, () => {})
  generator.start()
  port.on('message', (heard: ThreadHears) => {
    if (heard === 'stop') void stop()
    else {
      const { id, kind, resource, seconds } = heard.inject
      say({ injected: { id, notice: generator.inject(kind, resource, seconds) } })
    }
  })

  async function stop() {
    await generator.stop()
    halt()
    await publisher.stop()
    port.close()
  }
}
