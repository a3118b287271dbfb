/** `twinloop status [TOOL]`. */
import { type Command, urlHelp } from './command.ts'
import { isColourful } from './outside.ts'
import { poolTable } from './table.ts'

export const statusCommand: Command = {
  summary: 'show the pools: seats held and free, overage, cost',
  help: `Shows all pools, or one.

Usage: twinloop status [TOOL] [options]

  --json                print the answer as JSON
${urlHelp}`,
  options: ['json'],
  takes: ['[TOOL]'],
  async run(client, { words: [tool], json }, outside) {
    const answer = await (tool === undefined ? client.status() : client.status(tool))
    const text = json
      ? `${JSON.stringify(answer)}\n`
      : poolTable([answer].flat(), isColourful(outside.out, outside))
    outside.out.write(text)
    return 0
  },
}
