/**
 * An operation is declared once: the schemas that describe it in the OpenAPI document are the ones that
 * judge its requests.
 */
import type { z } from 'zod'
import { Failure, type Reason } from '../shared/errors.ts'
import { readJson } from './body.ts'
import type { App, AppContext } from './context.ts'
import { refuseCrossSite } from './same-site.ts'

/** Who knows a secret of this server. */
export type Role = 'presenter' | 'alertmanager'
/** Each throws a Failure when the request is not of that role. */
export type Guards = Record<Role, (c: AppContext) => void>

type Fields = z.ZodObject
type Output<S> = S extends z.ZodType ? z.output<S> : undefined

export interface Operation {
  method: 'get' | 'post' | 'put' | 'delete'
  /** With parameters in braces: `/licenses/{tool}/status`. */
  path: string
  tag: string
  summary: string
  description?: string
  params?: Fields
  query?: Fields
  body?: z.ZodType
  /** Request headers it understands, with their meaning. */
  headers?: Record<string, string>
  /** What it answers when all goes well; with 200 unless it says another status. */
  reply: { description: string; schema: z.ZodType; type?: string; status?: number }
  /** The reasons for which it can refuse, beside those that every operation has. */
  refusals?: readonly Reason[]
  /** Who may; everybody when left out. */
  only?: Role
}

export interface Input<O extends Operation> {
  params: Output<O['params']>
  query: Output<O['query']>
  body: Output<O['body']>
}

/** Declares an operation, keeping the types of its schemas. */
export const operation = <const O extends Operation>(declared: O): O => declared

export interface Operations {
  /** Serves an operation: its input is checked before `handle` sees it. */
  serve<O extends Operation>(
    operation: O,
    handle: (input: Input<O>, c: AppContext) => Promise<Response>,
  ): void
  readonly all: readonly Operation[]
}

export function createOperations(app: App, guards: Guards): Operations {
  const all: Operation[] = []
  return {
    all,
    serve(operation, handle) {
      all.push(operation)
      const { method, path, params, query, body, only } = operation
      app[method](path.replaceAll(/\{(\w+)\}/g, ':$1'), async c => {
        c.get('facts').route = path
        if (method !== 'get') refuseCrossSite(c)
        if (only) guards[only](c)
        const input = {
          params: params && accept(params, c.req.param(), 'path'),
          query: query && accept(query, c.req.query(), 'query'),
          body: body && accept(body, await readJson(c), 'body'),
        }
        return handle(input as never, c)
      })
    },
  }
}

const ERRORS_MAX = 20

/** @throws Failure `invalid_request` with every field that is wrong and why */
function accept<S extends z.ZodType>(schema: S, value: unknown, part: string): z.output<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const errors = parsed.error.issues
    .slice(0, ERRORS_MAX)
    .map(({ path, message }) => ({ path: path.map(String).join('.'), message }))
  const first = errors[0]
  throw new Failure(
    'invalid_request',
    `The ${part} is not valid: ${first?.path || part}: ${first?.message}`,
    { errors },
  )
}
