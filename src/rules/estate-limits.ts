/** From where on somebody is told about the estate: for the alerts, and for the lines on dashboards. */
export const estateLimits = {
  /** How old what waits before a stage may be, in seconds. */
  lagSeconds: 60,
  /** Of all samples, the share that may be set aside, 0–1. */
  samplesDead: 0.05,
  /** Fewer than this in five minutes are told to nobody. */
  samplesDeadMinimum: 20,
  /** Of all servers, the share that may be critical, 0–1; it is a guess of how many break at any time. */
  serversCritical: 0.02,
  /** One server of an estate of twenty is more than that share, and no matter for everybody. */
  serversCriticalMinimum: 3,
  /** So many are told whatever share they are. */
  serversCriticalMany: 20,
  /** Of 100. */
  healthScore: 50,
  /** How old the newest sample may be, in seconds: ten intervals of the generator. */
  silentSeconds: 300,
  /** Who is silent for longer has ended: an estate of yesterday in the database is no outage. */
  endedSeconds: 3600,
} as const
