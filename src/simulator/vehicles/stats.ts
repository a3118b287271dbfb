/** What the simulated fleet counts while it runs. */

export interface Counts {
  /** Messages sent for the first time, and those of them that the broker acknowledged. */
  sent: number
  acknowledged: number
  /** Sent again, with the same bytes, after a connection was lost. */
  resent: number
  /** Samples for which a vehicle had no room. */
  dropped: number
  /** Connections that could not be made or were lost, not by the vehicle's own outages. */
  errors: number
  /** Of these: the broker did not take the password. */
  refused: number
  /** Messages broken, or sent twice, on purpose. */
  malformed: number
  duplicates: number
}

export const freshCounts = (): Counts => ({
  sent: 0,
  acknowledged: 0,
  resent: 0,
  dropped: 0,
  errors: 0,
  refused: 0,
  malformed: 0,
  duplicates: 0,
})
