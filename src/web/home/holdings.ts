import type { OpenBorrow } from '../../licensing/api.ts'
import { openBorrows } from '../api.ts'
import { recall, remember } from '../memory.ts'

const NAMES_KEPT = 5

/** A borrow of this browser; its id is what returns it. */
export type Holding = Omit<OpenBorrow, 'id' | 'mine'> & { id: string }

/** What this browser holds, in step with the server. */
export interface Holdings {
  list(): readonly Holding[]
  of(tool: string): Holding[]
  add(holding: Holding): void
  drop(id: string): void
  extend(id: string, expiresAt: string | null): void
  /** Asks the server, which alone knows what has expired or was revoked. */
  refresh(): Promise<void>
}

const isMine = (borrow: OpenBorrow): borrow is OpenBorrow & { id: string } =>
  borrow.mine && borrow.id !== undefined

/** @param changed is told after each change */
export function holdings(changed: () => void): Holdings {
  let held: Holding[] = []
  let version = 0

  const names = () => (recall<string[]>('names') ?? []).filter(name => typeof name === 'string')

  function set(next: Holding[]) {
    version += 1
    held = next
    changed()
  }

  // Without a remembered name (blocked storage, first visit) the whole list is searched.
  async function ask(): Promise<Holding[]> {
    const known = names()
    const pages = await Promise.all((known.length ? known : [null]).map(name => openBorrows(name)))
    return pages.flatMap(page => page.data.filter(isMine))
  }

  async function refresh() {
    const before = version
    const found = await ask()
    if (version !== before) return refresh()
    set(found)
  }

  return {
    list: () => held,
    of: tool => held.filter(holding => holding.tool === tool),
    add(holding) {
      remember('names', [...new Set([holding.user, ...names()])].slice(0, NAMES_KEPT))
      set([holding, ...held.filter(other => other.id !== holding.id)])
    },
    drop: id => set(held.filter(holding => holding.id !== id)),
    extend: (id, expires_at) =>
      set(held.map(holding => (holding.id === id ? { ...holding, expires_at } : holding))),
    refresh,
  }
}
