import { z } from 'zod'
import { operation } from '../http/operation.ts'
import * as api from './api.ts'

const tag = 'stage'
const svg = { schema: z.string(), type: 'image/svg+xml' }

export const deckOperation = operation({
  method: 'get',
  path: '/deck',
  tag,
  summary: 'Where the deck stands, and who has its remote',
  reply: { description: 'As it is', schema: api.deckReply },
})

export const positionOperation = operation({
  method: 'post',
  path: '/deck/position',
  tag,
  summary: 'A deck on a screen tells where it stands',
  only: 'presenter',
  body: api.positionRequest,
  reply: { description: 'As it is now', schema: api.deckReply },
  refusals: ['deck_elsewhere'],
})

export const commandOperation = operation({
  method: 'post',
  path: '/deck/commands',
  tag,
  summary: 'Turn the deck from afar',
  description: 'The first who does so has the remote. A command that was meant for another slide is refused.',
  only: 'presenter',
  body: api.commandRequest,
  reply: { description: 'As it is now', schema: api.deckReply },
  refusals: ['not_driver', 'no_deck', 'stale_command'],
})

export const driveOperation = operation({
  method: 'post',
  path: '/deck/drive',
  tag,
  summary: 'Take the remote over',
  only: 'presenter',
  reply: { description: 'As it is now', schema: api.deckReply },
})

export const leaveOperation = operation({
  method: 'delete',
  path: '/deck/drive',
  tag,
  summary: 'Give the remote back',
  only: 'presenter',
  reply: { description: 'As it is now', schema: api.deckReply },
})

export const clockOperation = operation({
  method: 'post',
  path: '/deck/clock',
  tag,
  summary: 'Start the talk’s clock, or start it anew',
  only: 'presenter',
  reply: { description: 'As it is now', schema: api.deckReply },
})

export const runOfShowOperation = operation({
  method: 'get',
  path: '/run-of-show',
  tag,
  summary: 'What to say on each slide, and how long that takes',
  only: 'presenter',
  reply: { description: 'All slides in their order', schema: api.runOfShowReply },
})

export const joinOperation = operation({
  method: 'get',
  path: '/join',
  tag,
  summary: 'Where phones go',
  reply: { description: 'An address', schema: api.joinReply },
})

export const joinCodeOperation = operation({
  method: 'get',
  path: '/join.svg',
  tag,
  summary: 'That address as a code for cameras',
  reply: { description: 'A picture', ...svg },
})

export const wifiCodeOperation = operation({
  method: 'get',
  path: '/wifi.svg',
  tag,
  summary: 'The network of WIFI_SSID as a code for cameras',
  only: 'presenter',
  reply: { description: 'A picture', ...svg },
  refusals: ['not_found'],
})

export const stackOperation = operation({
  method: 'get',
  path: '/stack',
  tag,
  summary: 'How the parts of the stack are',
  reply: { description: 'Asked within the last five seconds', schema: api.stackReply },
})

export const logOperation = operation({
  method: 'get',
  path: api.LOG_PATH,
  tag: 'live',
  summary: 'The newest lines of the log',
  description:
    'From memory: at most the last 1000 lines since the server started, with the fields that everybody may see. What this operation itself writes into the log is left out.',
  query: api.logQuery,
  reply: { description: 'Newest first', schema: api.logReply },
})

export const resetOperation = operation({
  method: 'post',
  path: '/stage/reset',
  tag,
  summary: 'Begin the demonstration anew',
  description:
    'Ends traffic, scenario, race and faults, rolls the release back, ends every borrow, and turns the deck to its first slide. What was charged stays charged.',
  only: 'presenter',
  reply: { description: 'Done', schema: z.object({ status: z.literal('ok'), borrows_ended: z.number() }) },
})
