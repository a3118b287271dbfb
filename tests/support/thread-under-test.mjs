/** A thread that does as it is told: what goes wrong in a real one, on command. */
import { serveThread } from '../../src/db/thread.ts'

const coded = (code: string) => Object.assign(new Error(`broken: ${code}`), { code })

serveThread<string, string, { openFails?: string }>(({ openFails }) => {
  if (openFails) throw coded(openFails)
  return {
    handle(input) {
      if (input === 'die') process.exit()
      if (input.startsWith('throw ')) throw coded(input.slice('throw '.length))
      if (input === 'crash later') {
        setImmediate(() => {
          throw new Error('crashed')
        })
      }
      return `${input}, done`
    },
    close: () => {},
  }
})
