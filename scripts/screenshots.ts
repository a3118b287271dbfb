/** Takes every picture of the documents anew, of a server that is started for it. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { commandLine } from './command-line.ts'
import { launchCamera, openPage, take } from './screenshots/camera.ts'
import { makeBusy, seatPeople } from './screenshots/fill.ts'
import { type Picture, pictures } from './screenshots/pictures.ts'
import { startServerToShow } from './screenshots/server.ts'

const names = pictures.map(({ name }) => name)
const help = `Takes the pictures of the documents: docs/images/*.jpg. Needs Chromium.

Usage: npm run screenshots -- [options]

  --only NAME   this one only: ${names.join(', ').replaceAll(/(.{60,90}?, )/g, '$1\n                ')}
  --to FOLDER   where the files go [docs/images]
  -h, --help    print this

It starts the built server on free ports in a temporary folder, with 60 vehicles, 40 servers, a day of their past and
seeded traffic, lets a bad release burn and be rolled back, and ends it. Some six minutes; times, and what depends on
them, differ from run to run. What a picture waits for is in scripts/screenshots/pictures.ts.
`

const { only, to } = commandLine(help, {
  only: { preset: '', check: text => (names.includes(text) ? null : 'there is no such picture') },
  to: { preset: fileURLToPath(new URL('../docs/images', import.meta.url)) },
})
const progress = (text: string) => process.stderr.write(`${text}\n`)
const wanted = pictures.filter(({ name }) => !only || name === only)
const deck: Picture = {
  name: 'deck',
  address: '/presentation#/cloud-path',
  screen: 'laptop',
  theme: 'dark',
  when: 'busy',
  shows: [],
  presenter: true,
}

let server: Awaited<ReturnType<typeof startServerToShow>> | undefined
let camera: Awaited<ReturnType<typeof launchCamera>> | undefined
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void close().finally(() => process.exit(130)))
try {
  camera = await launchCamera()
  progress('starting the server')
  server = await startServerToShow()
  mkdirSync(to, { recursive: true })
  await seatPeople(server, progress)
  await takeAll('calm')
  if (wanted.some(({ when }) => when === 'busy')) {
    await makeBusy(server, progress)
    // The remote on the phone moves a deck: this one stands on a screen.
    await openPage(camera, server.url, deck)
    await takeAll('busy')
  }
} catch (error) {
  process.stderr.write(
    `The pictures could not be taken: ${(error as Error).message}\n  Try: npm run build, npm run doctor\n`,
  )
  process.exitCode = 1
} finally {
  await close()
}

async function close() {
  await camera?.close()
  await server?.remove()
}

async function takeAll(when: Picture['when']) {
  if (!camera || !server) return
  for (const picture of wanted.filter(picture => picture.when === when)) {
    try {
      const bytes = await take(camera, server.url, picture, join(to, `${picture.name}.jpg`))
      progress(`${picture.name}.jpg  ${Math.round(bytes / 1000)} KB`)
    } catch (error) {
      // The others are taken all the same: what was waited for took minutes.
      progress(`${picture.name}  FAILED: ${(error as Error).message.split('\n').slice(0, 3).join(' ')}`)
      process.exitCode = 1
    }
  }
}
