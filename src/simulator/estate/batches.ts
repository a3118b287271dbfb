/** Samples of a kind become messages: arrays of as many as the topic allows, no longer than a broker takes. */
import type { SampleMessage } from '../../machine/samples.ts'
import { type ResourceKind, resourceKinds, SAMPLES_MAX, sampleTopic } from '../../machine/topics.ts'

export interface Message {
  topic: string
  payload: string
  /** 0: a notice. */
  samples: number
}

/** Brokers refuse packets beyond 256 KB. What is written here has one byte a character. */
export const PAYLOAD_MAX = 200_000

export interface Batches {
  /** @returns a message that this sample did not fit in any more */
  add(kind: ResourceKind, sample: SampleMessage): Message | null
  /** What has not become a message yet. */
  flush(): Message[]
}

export function createBatches(): Batches {
  const open = Object.fromEntries(
    resourceKinds.map(kind => [kind, { texts: [] as string[], length: 2 }]),
  ) as Record<ResourceKind, { texts: string[]; length: number }>

  function close(kind: ResourceKind): Message {
    const { texts } = open[kind]
    open[kind] = { texts: [], length: 2 }
    return { topic: sampleTopic(kind), payload: `[${texts.join(',')}]`, samples: texts.length }
  }

  return {
    add(kind, sample) {
      const text = JSON.stringify(sample)
      const batch = open[kind]
      const full = batch.texts.length >= SAMPLES_MAX || batch.length + text.length + 1 > PAYLOAD_MAX
      const closed = full ? close(kind) : null
      open[kind].texts.push(text)
      open[kind].length += text.length + 1
      return closed
    },
    flush: () => resourceKinds.filter(kind => open[kind].texts.length > 0).map(close),
  }
}
