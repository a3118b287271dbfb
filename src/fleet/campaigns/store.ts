/** Every row that the writer reads and writes for campaigns, as prepared statements; updates are in update-store.ts. */
import { and, asc, eq, getTableColumns, isNull, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/open.ts'
import {
  type Campaign,
  type CampaignPause,
  type CampaignWave,
  campaignPauses,
  campaigns,
  campaignWaves,
  type Release,
  releases,
} from './schema.ts'

export interface CampaignStore {
  release(row: number): Release
  releaseOf(version: string): Release | undefined
  /** The highest counter of any release or vehicle; 0: there is none. */
  newestCounter(): number
  isCounterTaken(releaseCounter: number): boolean
  addRelease(release: Omit<Release, 'row'>): void
  campaign(id: string): Campaign | undefined
  campaignAt(row: number): Campaign
  /** Running, paused or aborting. */
  liveCampaigns(): Campaign[]
  addCampaign(campaign: Omit<Campaign, 'row'>): void
  saveCampaign(campaign: Campaign): void
  waves(campaign: number): CampaignWave[]
  saveWave(wave: CampaignWave): void
  addPause(pause: Omit<CampaignPause, 'row'>): void
  /** The pause that lasts, if there is one, is over. */
  endPause(campaign: number, by: { at: number; actor: string }): void
}

/** Counters of vehicles above this are not believed. */
const COUNTER_MAX = 1_000_000_000
const live = ['running', 'paused', 'aborting'] as const

export function createCampaignStore(db: Db): CampaignStore {
  const param = (name: string) => sql.placeholder(name) as unknown as SQL
  const columns = getTableColumns(campaigns)
  const releaseAt = db
    .select()
    .from(releases)
    .where(eq(releases.row, param('row')))
    .prepare()
  const releaseOf = db
    .select()
    .from(releases)
    .where(eq(releases.version, param('version')))
    .prepare()
  const newest = db.$client
    .prepare<[number], number>(
      `SELECT max(coalesce((SELECT max(release_counter) FROM releases), 0),
                  coalesce((SELECT max(release_counter) FROM vehicles WHERE release_counter < ?), 0))`,
    )
    .pluck()
  const counterTaken = db.$client.prepare('SELECT 1 FROM releases WHERE release_counter = ?').pluck()
  const byId = db
    .select()
    .from(campaigns)
    .where(eq(campaigns.id, param('id')))
    .prepare()
  const byRow = db
    .select()
    .from(campaigns)
    .where(eq(campaigns.row, param('row')))
    .prepare()
  // The literal list is what lets SQLite take the index of the live ones.
  const allLive = db
    .select(columns)
    .from(campaigns)
    .where(sql.raw(`state IN ('${live.join("', '")}')`))
    .orderBy(asc(campaigns.row))
    .prepare()
  const touch = db.$client.prepare('UPDATE campaigns SET revision = revision + 1 WHERE row = ?')
  const wavesOf = db
    .select()
    .from(campaignWaves)
    .where(eq(campaignWaves.campaign, param('campaign')))
    .orderBy(asc(campaignWaves.wave))
    .prepare()

  return {
    release: row => present(releaseAt.get({ row }), `release ${row}`),
    releaseOf: version => releaseOf.get({ version }),
    newestCounter: () => newest.get(COUNTER_MAX) ?? 0,
    isCounterTaken: releaseCounter => counterTaken.get(releaseCounter) !== undefined,
    addRelease: release => void db.insert(releases).values(release).run(),
    campaign: id => byId.get({ id }),
    campaignAt: row => present(byRow.get({ row }), `campaign ${row}`),
    liveCampaigns: () => allLive.all(),
    addCampaign: campaign => void db.insert(campaigns).values(campaign).run(),
    saveCampaign: ({ row, revision: _, ...rest }) =>
      void db
        .update(campaigns)
        .set({ ...rest, revision: sql`${campaigns.revision} + 1` })
        .where(eq(campaigns.row, row))
        .run(),
    waves: campaign => wavesOf.all({ campaign }),
    saveWave(wave) {
      db.insert(campaignWaves)
        .values(wave)
        .onConflictDoUpdate({ target: [campaignWaves.campaign, campaignWaves.wave], set: wave })
        .run()
      touch.run(wave.campaign)
    },
    addPause: pause => void db.insert(campaignPauses).values(pause).run(),
    endPause: (campaign, { at, actor }) =>
      void db
        .update(campaignPauses)
        .set({ resumedAt: at, resumedBy: actor })
        .where(and(eq(campaignPauses.campaign, campaign), isNull(campaignPauses.resumedAt)))
        .run(),
  }
}

function present<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new Error(`there is no ${what}`)
  return found
}
