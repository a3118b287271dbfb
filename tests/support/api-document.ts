/** The OpenAPI document as tests walk through it. */
import type { Schema } from './json-schema.ts'
import { ok } from './wire.ts'
import type { World } from './world.ts'

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  schema: Schema
}

export interface DocumentedOperation {
  method: string
  path: string
  operationId: string
  parameters: Parameter[]
  body: Schema | undefined
  /** By status: the content type and schema of the answer. */
  responses: Record<string, { type: string; schema: Schema }>
  /** Whose token it needs. */
  only: string | undefined
}

export interface ApiDocument {
  openapi: string
  operations: DocumentedOperation[]
  schemas: Record<string, Schema>
}

export async function apiDocument(world: World): Promise<ApiDocument> {
  const document = await ok(world.send('GET', '/openapi.json'))
  const operations: DocumentedOperation[] = []
  for (const [path, methods] of Object.entries<Record<string, never>>(document.paths))
    for (const [method, described] of Object.entries<{ [name: string]: never }>(methods)) {
      const { operationId, parameters, requestBody, responses, security } = described as never as {
        operationId: string
        parameters: Parameter[]
        requestBody?: { content: Record<string, { schema: Schema }> }
        responses: Record<string, { content: Record<string, { schema: Schema }> }>
        security?: object[]
      }
      operations.push({
        method: method.toUpperCase(),
        path,
        operationId,
        parameters,
        body: requestBody?.content['application/json']?.schema,
        responses: Object.fromEntries(
          Object.entries(responses).map(([status, { content }]) => {
            const [[type, { schema }] = ['', { schema: {} }]] = Object.entries(content)
            return [status, { type, schema }]
          }),
        ),
        only: security && Object.keys(security[0] ?? {})[0],
      })
    }
  return { openapi: document.openapi, operations, schemas: document.components.schemas }
}
