/** One line that tells what goes on: rewritten on a terminal, now and then elsewhere. */

const EVERY_MS = 15_000
const WIDTH = 100
// What programs write to colour their lines and to move about on the screen.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are looked for
const CONTROLS = /\u001b\[[\d;?]*[A-Za-z]|[\u0000-\u001f]/g

export function createProgress(write: (text: string) => void, isTerminal: boolean, now: () => number) {
  let began = now()
  let told = began
  let isShown = false

  /** The line goes away. */
  function clear(): void {
    if (isShown) write('\r\u001b[K')
    isShown = false
  }
  return {
    /** A new step begins. */
    begin() {
      began = now()
      told = began
    },
    show(line: string) {
      const seconds = Math.round((now() - began) / 1000)
      const text = `  ${seconds} s  ${line.replace(CONTROLS, '').trim()}`.slice(0, WIDTH)
      if (isTerminal) {
        write(`\r\u001b[K${text}`)
        isShown = true
      } else if (now() - told >= EVERY_MS) {
        told = now()
        write(`${text}\n`)
      }
    },
    say(line: string) {
      clear()
      write(`${line}\n`)
    },
  }
}
