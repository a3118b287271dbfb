/** Which files of the folder get into a build, by `.dockerignore`. */

/**
 * @param text of `.dockerignore`: a pattern a line, `!` lets in again, the last that matches decides. A pattern that
 * matches a folder matches all that is in it.
 * @returns whether a path (relative, with slashes) is left out
 * @see https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export function ignored(text: string): (path: string) => boolean {
  const rules = text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => ({ leavesOut: !line.startsWith('!'), pattern: patternOf(line.replace(/^!/, '')) }))
  return path => {
    const parts = path.split('/')
    const chain = parts.map((_, index) => parts.slice(0, index + 1).join('/'))
    const last = rules.findLast(({ pattern }) => chain.some(each => pattern.test(each)))
    return last?.leavesOut ?? false
  }
}

function patternOf(glob: string): RegExp {
  const source = glob.replace(/^\/|\/$/g, '').replace(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, found => {
    if (found === '**/') return '(?:.*/)?'
    if (found === '**') return '.*'
    if (found === '*') return '[^/]*'
    return found === '?' ? '[^/]' : `\\${found}`
  })
  return new RegExp(`^${source}$`)
}
