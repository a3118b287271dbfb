import { onPress } from '../busy.ts'
import { byId } from '../dom.ts'
import { startPage } from '../page.ts'
import type { Finding } from '../preflight/check.ts'
import { clocks, pageLoad, posting, roundTrip, secureContext } from '../preflight/connection.ts'
import { checkLine, showVerdict } from '../preflight/list.ts'
import {
  address,
  audienceLimit,
  deckFiles,
  recording,
  stackParts,
  token,
  vehicles,
} from '../preflight/stage-checks.ts'
import { heldStream } from '../preflight/stream.ts'
import { presenterGate } from '../presenter-gate.ts'
import { report } from '../report-errors.ts'

/** One after the other, so that none measures another's load. The minute of the stream goes beside them. */
const inTurn = [
  pageLoad,
  roundTrip,
  posting,
  clocks,
  token,
  address,
  deckFiles,
  recording,
  vehicles,
  stackParts,
  audienceLimit,
  secureContext,
]

void startPage(async () => {
  const lines = [...inTurn, heldStream].map(checkLine)
  const tokenPlace = inTurn.indexOf(token)
  byId('checks').append(...lines.map(({ element }) => element))
  let findings: (Finding | null)[] = []

  async function runOne(place: number) {
    const finding = (await lines[place]?.run()) ?? null
    findings[place] = finding
    if (place === tokenPlace) byId('gate').hidden = finding?.state !== 'bad'
    showVerdict(findings)
  }
  async function runAll() {
    findings = lines.map(() => null)
    showVerdict(findings)
    const held = runOne(lines.length - 1)
    for (const place of inTurn.keys()) await runOne(place)
    await held
  }

  onPress(byId<HTMLButtonElement>('again'), runAll)
  presenterGate(() => {
    byId('again').focus()
    void runOne(tokenPlace).catch(report)
  })
  // The time that this page took is known when it has loaded.
  const first = () => byId('again').click()
  if (document.readyState === 'complete') setTimeout(first)
  else addEventListener('load', () => setTimeout(first))
})
