import type { PoolStatus, PoolsFrame } from '../../licensing/api.ts'
import { call, giveBack, renew } from '../api.ts'
import { byId, setText } from '../dom.ts'
import { costs } from '../home/costs.ts'
import { defect } from '../home/defect.ts'
import { everyone } from '../home/everyone.ts'
import { type Holding, holdings } from '../home/holdings.ts'
import { identity } from '../home/identity.ts'
import { myLicenses } from '../home/my-licenses.ts'
import { type PoolActions, poolCard } from '../home/pool-card.ts'
import { room } from '../home/room.ts'
import { borrowOnce } from '../home/wish.ts'
import { keyedList } from '../keyed-list.ts'
import { showLinkState } from '../link-state.ts'
import { openLive } from '../live.ts'
import { startPage } from '../page.ts'
import { Problem } from '../problem.ts'
import { jittered } from '../random.ts'
import { noteVersion } from '../report-errors.ts'

const REFRESH_MS = 400
const RETRY_MS = 4000
/** Once a second is live enough for a hand, and a quarter of the work for phone and server. */
const EVERY_MS = 1000

void startPage(() => {
  const me = identity()
  byId('identity').append(me.element)

  const mine = holdings(() => {
    licenses.show(mine.list())
    for (const card of cards) card.showHeld()
  })
  let refreshTimer = 0
  const refresh = () => mine.refresh().catch(() => refreshSoon(RETRY_MS))
  function refreshSoon(waitMs = REFRESH_MS) {
    clearTimeout(refreshTimer)
    refreshTimer = window.setTimeout(refresh, jittered(waitMs))
  }

  const actions: PoolActions = {
    held: tool => mine.of(tool),
    async borrow(tool) {
      try {
        const reply = await borrowOnce(tool, me.name())
        mine.add(reply)
        return reply
      } finally {
        void showNow(tool)
      }
    },
    giveBack: endHolding(async holding => {
      await giveBack(holding.id)
      mine.drop(holding.id)
      void showNow(holding.tool)
    }),
  }
  const licenses = myLicenses({
    giveBack: actions.giveBack,
    renew: endHolding(async holding => mine.extend(holding.id, (await renew(holding.id)).data.expires_at)),
    ended: () => refreshSoon(),
  })
  byId('mine').append(licenses.element)
  licenses.show([])
  void refresh()

  // A license that the server says has ended leaves the list, whatever was asked for it.
  function endHolding(action: (holding: Holding) => Promise<void>) {
    return async (holding: Holding) => {
      try {
        await action(holding)
      } catch (error) {
        if (error instanceof Problem && ['unknown_borrow', 'borrow_ended'].includes(error.reason))
          mine.drop(holding.id)
        throw error
      }
    }
  }

  const cards: ReturnType<typeof poolCard>[] = []
  const showPools = keyedList(
    byId('pools'),
    (pool: PoolStatus) => pool.tool,
    pool => {
      const card = poolCard(pool, actions)
      cards.push(card)
      return card
    },
  )
  const showEveryone = everyone()
  const showCosts = costs()
  let borrowedBefore = new Map<string, number>()

  let newest: PoolsFrame | null = null

  /** The stream is up to a second behind a tap, so the pool that was tapped is asked for at once. */
  async function showNow(tool: string) {
    const before = newest
    const asked = call<PoolStatus>(`/licenses/${encodeURIComponent(tool)}/status`)
    const answer = await asked.catch(() => null)
    // A frame that came meanwhile may be newer.
    if (!answer || !before || newest !== before) return
    const pools = before.pools.map(pool => (pool.tool === tool ? answer.data : pool))
    showPools(pools)
    showCosts(pools)
  }

  function onPools(frame: PoolsFrame) {
    newest = frame
    showPools(frame.pools)
    showEveryone(frame)
    showCosts(frame.pools)
    byId('data').hidden = false
    byId('waiting').hidden = true
    // Seats went back in a tool of mine: perhaps mine, by expiry, the presenter or another tab.
    const fewer = frame.pools.some(
      pool => pool.borrowed < (borrowedBefore.get(pool.tool) ?? 0) && mine.of(pool.tool).length,
    )
    if (fewer) refreshSoon()
    borrowedBefore = new Map(frame.pools.map(pool => [pool.tool, pool.borrowed]))
  }

  const showState = showLinkState(byId('link-state'))
  let worked = true
  const showRoom = room()
  const showDefect = defect()
  openLive(
    {
      pools: onPools,
      room(frame) {
        noteVersion(frame.version)
        showRoom(frame)
        showDefect(frame)
      },
      state(state) {
        showState(state)
        if (state === 'reconnecting')
          setText(byId('waiting'), 'The server does not answer yet. This page keeps trying.')
        const works = state === 'live' || state === 'polling'
        if (works && !worked) {
          refreshSoon()
          licenses.reached()
          for (const card of cards) card.reached()
        }
        if (state !== 'connecting') worked = works
      },
    },
    { everyMs: EVERY_MS },
  )
})
