import type { Result, Router } from 'hono/router'
import { TrieRouter } from 'hono/router/trie-router'

/**
 * A trie, with the answers for paths without parameters kept: most requests are for one of a few
 * addresses. (Hono's faster routers do not take `/licenses/status` beside `/licenses/:tool/status`.)
 */
export class KnownPathRouter<T> implements Router<T> {
  name = 'KnownPathRouter'
  #trie = new TrieRouter<T>()
  #plainPaths = new Set<string>()
  #known = new Map<string, Map<string, Result<T>>>()

  add(method: string, path: string, handler: T): void {
    this.#trie.add(method, path, handler)
    if (!/[:*]/.test(path)) this.#plainPaths.add(path)
    this.#known.clear()
  }

  match(method: string, path: string): Result<T> {
    const known = this.#known.get(path)?.get(method)
    if (known) return known
    const result = this.#trie.match(method, path)
    if (this.#plainPaths.has(path) && METHODS.has(method)) {
      const ofPath = this.#known.get(path) ?? new Map<string, Result<T>>()
      this.#known.set(path, ofPath.set(method, result))
    }
    return result
  }
}

/** Methods come from the caller: only these are remembered. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE'])
