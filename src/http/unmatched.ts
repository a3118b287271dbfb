import type { App } from './context.ts'
import { problem } from './problem.ts'

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const

/** Answers what no route took: 405 where another method would do, else 404. */
export function answerUnmatched(app: App): void {
  const takes = (method: string, path: string) =>
    app.router.match(method, path)[0].some(([[, route]]) => route.method === method)

  app.notFound(c => {
    const allowed = METHODS.filter(method => takes(method, c.req.path))
    if (allowed.length === 0 || allowed.includes(c.req.method as never))
      return problem(c, 'not_found', 'There is nothing at this address.')
    const allow = [...allowed, ...(allowed.includes('GET') ? ['HEAD'] : [])].join(', ')
    const response = problem(c, 'method_not_allowed', `This address takes ${allow}.`)
    response.headers.set('Allow', allow)
    return response
  })
}
