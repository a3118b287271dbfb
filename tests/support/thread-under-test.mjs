/** A thread that does as it is told: what goes wrong in a real one, on command. */
import { serveThread } from '../../dist/db/thread.js'

const coded = code => Object.assign(new Error(`broken: ${code}`), { code })

serveThread(({ openFails }) => {
  if (openFails) throw coded(openFails)
  return {
    handle(input) {
      if (input === 'die') process.exit()
      if (input.startsWith('throw ')) throw coded(input.slice('throw '.length))
      if (input === 'crash soon')
        setTimeout(() => {
          throw new Error('crashed')
        }, 5)
      return `${input}, done`
    },
    close: () => {},
  }
})
