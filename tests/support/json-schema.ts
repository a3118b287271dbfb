/** As much of JSON Schema as the OpenAPI document uses: what violates a schema, and values that do not. */
import fc from 'fast-check'

export interface Schema {
  type?: string | string[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  $ref?: string
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  multipleOf?: number
  pattern?: string
  format?: string
  default?: unknown
  additionalProperties?: Schema | boolean
}

const typeOf = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}

/** A schema of several types as one schema for each. */
export const optionsOf = (schema: Schema): Schema[] | undefined =>
  schema.anyOf ?? (Array.isArray(schema.type) ? schema.type.map(type => ({ ...schema, type })) : undefined)

/** Where and how a value breaks a schema. @param schemas the document's components, for references */
export function violations(
  schema: Schema,
  value: unknown,
  schemas: Record<string, Schema> = {},
  at = '$',
): string[] {
  const inner = (part: Schema, of: unknown, name: string) => violations(part, of, schemas, `${at}.${name}`)
  if (schema.$ref) {
    const known = schemas[schema.$ref.replace('#/components/schemas/', '')]
    return known ? violations(known, value, schemas, at) : [`${at}: ${schema.$ref} leads nowhere`]
  }
  const options = optionsOf(schema)
  if (options)
    return options.some(option => violations(option, value, schemas, at).length === 0)
      ? []
      : [`${at}: no option fits`]
  if (schema.enum && !schema.enum.includes(value)) return [`${at}: ${JSON.stringify(value)} is not listed`]
  if ('const' in schema && schema.const !== value) return [`${at}: is not ${JSON.stringify(schema.const)}`]
  const type = typeOf(value)
  if (schema.type && schema.type !== type && !(schema.type === 'number' && type === 'integer'))
    return [`${at}: ${type} is not ${schema.type}`]
  if (typeof value === 'number') {
    const { minimum = -Infinity, maximum = Infinity } = schema
    return value < minimum || value > maximum ? [`${at}: ${value} is out of bounds`] : []
  }
  if (typeof value === 'string')
    return schema.pattern && !new RegExp(schema.pattern).test(value) ? [`${at}: ${value} does not fit`] : []
  if (Array.isArray(value))
    return value.flatMap((item, index) => (schema.items ? inner(schema.items, item, `${index}`) : []))
  if (type !== 'object') return []
  const object = value as Record<string, unknown>
  const missing = (schema.required ?? []).filter(name => !Object.hasOwn(object, name))
  return [
    ...missing.map(name => `${at}: ${name} is missing`),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, part]) =>
      Object.hasOwn(object, name) ? inner(part, object[name], name) : [],
    ),
  ]
}

/** Values that a schema allows, its bounds among them more often than by chance. */
export function valid(schema: Schema): fc.Arbitrary<unknown> {
  const options = optionsOf(schema)
  if (options) return fc.oneof(...options.map(valid))
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if ('const' in schema) return fc.constant(schema.const)
  const { minimum = -1000, maximum = 1000, minLength = 0, maxLength = 200 } = schema
  switch (schema.type) {
    case 'string':
      if (schema.format === 'date-time')
        return fc
          .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
          .map(date => date.toISOString())
      if (schema.format === 'uuid') return fc.uuid()
      return fc.oneof(
        fc.constantFrom('cad_tool', 'analysis', 'alice', 'pools').filter(text => text.length <= maxLength),
        fc
          .string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 40) })
          .filter(text => text.length <= maxLength),
        fc.constantFrom('x'.repeat(Math.max(minLength, 1)), 'x'.repeat(maxLength)),
      )
    case 'integer':
      return fc.oneof(
        fc.constantFrom(minimum, maximum),
        fc.integer({ min: minimum, max: Math.min(maximum, 2 ** 31 - 1) }),
      )
    case 'number':
      return fc.oneof(
        fc.constantFrom(minimum, maximum),
        fc.double({ min: minimum, max: maximum, noNaN: true }),
      )
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return fc.array(valid(schema.items ?? {}), { maxLength: 3 })
    case 'object': {
      const fields = Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, part]) => [name, valid(part)]),
      )
      const requiredKeys = (schema.required ?? []).filter(name => name in fields)
      return fc.record(fields, { requiredKeys })
    }
    default:
      return fc.jsonValue()
  }
}
