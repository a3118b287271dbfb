/** `twinloop return ID` and `twinloop renew ID`. */
import { type Command, urlHelp } from './command.ts'

const options = ['json'] as const
const takes = ['ID'] as const

export const returnCommand: Command = {
  summary: 'give a seat back',
  help: `Gives a seat back. A seat that has ended before is no failure.

Usage: twinloop return ID [options]

  --json                print the answer as JSON
${urlHelp}`,
  options,
  takes,
  async run(client, { words: [id = ''], json }, { out }) {
    const answer = await client.return(id)
    const text = answer.status === 'ok' ? 'returned' : 'had ended before'
    out.write(json ? `${JSON.stringify(answer)}\n` : `${answer.tool}: ${text}\n`)
    return 0
  },
}

export const renewCommand: Command = {
  summary: 'start the lease of a seat anew',
  help: `Starts the lease of a seat anew, and prints when it ends.

Usage: twinloop renew ID [options]

  --json                print the answer as JSON
${urlHelp}`,
  options,
  takes,
  async run(client, { words: [id = ''], json }, { out }) {
    const answer = await client.renew(id)
    out.write(json ? `${JSON.stringify(answer)}\n` : `${answer.expires_at ?? 'never'}\n`)
    return 0
  },
}
