/** What instructions of a Dockerfile have in common. */
import type { Instruction, JSONInstruction, PropertyInstruction } from 'dockerfile-ast'

/** Makes the error that says where. */
export type Failing = (why: string) => Error

export const failing =
  (line: number, keyword: string): Failing =>
  why =>
    new Error(`Dockerfile:${line}: ${keyword} ${why}`)

/** The strings of a JSON list; empty where there is none. */
export const listOf = (instruction: Instruction): string[] =>
  (instruction as JSONInstruction).getJSONStrings().map(string => string.getJSONValue())

/** Names and values of ARG, ENV and LABEL, without their quotes. */
export const pairsOf = (instruction: Instruction): [string, string][] =>
  (instruction as PropertyInstruction)
    .getProperties()
    .map(property => [property.getName(), property.getValue() ?? ''])
