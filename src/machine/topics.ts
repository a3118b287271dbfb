/** The MQTT topics on which machines, and what is made of their samples, talk: `estate/{kind}`. */

/** What is measured. */
export const resourceKinds = ['server', 'container', 'service'] as const
export type ResourceKind = (typeof resourceKinds)[number]

/** A sample, or an array of up to SAMPLES_MAX. */
export const sampleTopic = (kind: ResourceKind): string => `estate/${kind}`
/** How a stage of the pipeline is. */
export const STAGE_TOPIC = 'estate/stage'
/** What the generator broke on purpose, so that detectors can be judged. */
export const FAULT_TOPIC = 'estate/fault'

export const SAMPLES_MAX = 500

/** What the server and the ingestion listen to. */
export const sampleFilters = resourceKinds.map(sampleTopic)
export const noticeFilters = [STAGE_TOPIC, FAULT_TOPIC]

export const isEstateTopic = (topic: string): boolean => topic.startsWith('estate/')

/** null: no topic for samples. */
export const kindOfTopic = (topic: string): ResourceKind | null =>
  resourceKinds.find(kind => topic === sampleTopic(kind)) ?? null

/** Who signs in at the broker for the estate. Their password is `estatePassword` (credentials.ts). */
export const ESTATE_CLIENT = /^estate-(generator|ingest|transform|host)(-[a-z0-9]{1,16})?$/

/** Whether a client of the estate may publish there. */
export const mayPublishEstate = (client: string, topic: string): boolean =>
  ESTATE_CLIENT.test(client) && [...sampleFilters, ...noticeFilters].includes(topic)

/** Whether it may listen there: stages of their own process hear samples and notices. */
export const maySubscribeEstate = (client: string, filter: string): boolean =>
  ESTATE_CLIENT.test(client) &&
  [...sampleFilters, ...noticeFilters].includes(filter.replace(/^\$share\/[^/]+\//, ''))
