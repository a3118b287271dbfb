/** How an attempt will go, drawn when it is offered: so everything that comes later is without chance. */
import type { Random } from '../../shared/random.ts'
import type { HardwareRevision } from '../../vehicle/equipment.ts'
import type { UpdateCommandMessage } from '../../vehicle/messages.ts'
import { between, happens } from './chance.ts'

export type Offer = Extract<UpdateCommandMessage, { kind: 'offer' }>

/** Seconds are simulated ones. */
export interface Plan {
  consentSeconds: number
  refusesConsent: boolean
  installSeconds: number
  rebootSeconds: number
  testSeconds: number
  /** At which share of the download it fails; null: it does not. */
  downloadFailsAt: number | null
  installFails: boolean
  goesSilent: boolean
  selfTestFails: boolean
  rollbackFails: boolean
}

const REFUSES_SHARE = 0.05

/** @param random of this vehicle and attempt only */
export function planOf(offer: Offer, hardware: HardwareRevision, random: Random): Plan {
  const only = offer.simulation?.hardware
  const simulation = only === undefined || only === hardware ? offer.simulation : undefined
  const fails = (percent = 0) => happens(random, percent / 100)
  return {
    consentSeconds: between(random, 20, 300),
    refusesConsent: happens(random, REFUSES_SHARE),
    installSeconds: between(random, 40, 120),
    rebootSeconds: between(random, 3, 8),
    testSeconds: between(random, 10, 20),
    downloadFailsAt: fails(simulation?.download_failure_percent) ? between(random, 0.1, 0.95) : null,
    installFails: fails(simulation?.install_failure_percent),
    goesSilent: fails(simulation?.silence_percent),
    selfTestFails: fails(simulation?.self_test_failure_percent),
    rollbackFails: fails(simulation?.rollback_failure_percent),
  }
}
