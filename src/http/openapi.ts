import { z } from 'zod'
import { failures, type Reason } from '../shared/errors.ts'
import type { Operation } from './operation.ts'

type Json = Record<string, unknown>

/** Refusals that any operation can answer with. */
const everywhere: readonly Reason[] = ['rate_limited', 'overloaded', 'stopping', 'internal']

const problemSchema = {
  type: 'object',
  description: 'Problem details (RFC 9457)',
  required: ['type', 'title', 'status', 'detail', 'reason', 'request_id'],
  'x-reasons': Object.entries(failures).map(([reason, failure]) => ({ reason, ...failure })),
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What happened, in words' },
    reason: { enum: Object.keys(failures), description: 'What happened, for machines' },
    request_id: { type: 'string', description: 'Leads to the log lines of this request' },
    errors: {
      type: 'array',
      description: 'Which fields are not valid, and why',
      items: { type: 'object', properties: { path: { type: 'string' }, message: { type: 'string' } } },
    },
  },
}

/** The OpenAPI 3.1 document of operations, from the schemas that validate their requests. */
export function openApiDocument(operations: readonly Operation[], { version }: { version: string }): Json {
  const paths: Record<string, Json> = {}
  for (const operation of operations) {
    paths[operation.path] ??= {}
    Object.assign(paths[operation.path] as Json, { [operation.method]: describe(operation) })
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Twinloop license server',
      version,
      description:
        'Borrow seats of engineering tools from pools with a prepaid commit and priced overage. Prices are decimal currency units, times RFC 3339 UTC, errors problem details (RFC 9457).',
    },
    tags: [...new Set(operations.map(({ tag }) => tag))].map(name => ({ name })),
    paths,
    components: {
      schemas: { Problem: problemSchema },
      securitySchemes: {
        presenter: {
          type: 'http',
          scheme: 'bearer',
          description: 'The token that the server prints at start',
        },
        alertmanager: {
          type: 'http',
          scheme: 'bearer',
          description: 'The token of ALERT_WEBHOOK_TOKEN or ALERT_WEBHOOK_TOKEN_FILE',
        },
      },
    },
  }
}

function describe(operation: Operation): Json {
  const { method, path, tag, summary, description, body, reply } = operation
  return {
    operationId: `${method}${path.replaceAll(/[^a-zA-Z]+(\w?)/g, (_, next: string) => next.toUpperCase())}`,
    tags: [tag],
    summary,
    ...(description && { description }),
    parameters: parametersOf(operation),
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(body, 'input') } } },
    }),
    responses: {
      [reply.status ?? 200]: {
        description: reply.description,
        content: { [reply.type ?? 'application/json']: { schema: jsonSchema(reply.schema, 'output') } },
      },
      ...refusalsOf(operation),
    },
    ...(operation.only && { security: [{ [operation.only]: [] }] }),
  }
}

function parametersOf({ params, query, headers = {} }: Operation): Json[] {
  const inPath = fieldsOf(params).map(({ name, schema }) => ({ name, in: 'path', required: true, schema }))
  const inQuery = fieldsOf(query).map(({ name, schema, required }) => ({
    name,
    in: 'query',
    required,
    schema,
  }))
  const inHeaders = Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  }))
  return [...inPath, ...inQuery, ...inHeaders]
}

function fieldsOf(schema: z.ZodObject | undefined) {
  if (!schema) return []
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
    properties?: Json
    required?: string[]
  }
  return Object.entries(properties).map(([name, field]) => ({
    name,
    schema: field,
    required: required.includes(name),
  }))
}

function refusalsOf({ method, params, query, body, only, refusals = [] }: Operation): Json {
  const reasons = new Set<Reason>([...refusals, ...everywhere])
  if (params || query || body) reasons.add('invalid_request')
  if (body) reasons.add('malformed_json').add('body_too_large')
  if (only) reasons.add('unauthorized')
  if (method !== 'get' || only === 'presenter') reasons.add('cross_site')
  const responses: Record<number, Json> = {}
  for (const reason of reasons) {
    const { status, title } = failures[reason]
    const known = responses[status]?.description
    responses[status] = {
      description: known ? `${known}; ${reason}: ${title}` : `${reason}: ${title}`,
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    }
  }
  return responses
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}
