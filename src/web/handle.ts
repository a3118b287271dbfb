import { randomBelow } from './random.ts'

const adjectives =
  'amber bold brave bright brisk calm clever cosmic crisp daring eager electric gentle golden happy keen ' +
  'kind lively lucky mellow merry nimble noble polar quick quiet silver solar steady sunny swift witty'
const animals =
  'badger beaver bison condor crane dolphin eagle falcon ferret finch fox gecko heron ibex jackal koala ' +
  'lemur lynx marten meerkat moose orca osprey otter owl panda puffin raven seal stork tapir wombat'

const pick = (words: string) => {
  const list = words.split(' ')
  return list[randomBelow(list.length)] ?? ''
}

/** A friendly name nobody needs to moderate: `brisk-otter-42`. */
export const newHandle = (): string => `${pick(adjectives)}-${pick(animals)}-${10 + randomBelow(90)}`
