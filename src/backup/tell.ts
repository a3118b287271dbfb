/** What a person sees of a long work: one line that changes on a terminal, else one line for each file. */

export interface Tell {
  /** Of something that has a size. */
  progress(what: string, done: number, total: number): void
  /** Of something that takes a while and does not say how long. */
  doing(what: string): void
  /** A line that stays. */
  done(line: string): void
}

const CLEAR = '\r\x1b[2K'

/** @param out where lines go, such as stderr */
export function createTell(out: { isTTY?: boolean; write(text: string): unknown }): Tell {
  let shown = ''
  const show = (line: string) => {
    if (!out.isTTY || line === shown) return
    shown = line
    out.write(`${CLEAR}  ${line}`)
  }
  return {
    progress: (what, done, total) => show(`${what}: ${total > 0 ? Math.floor((100 * done) / total) : 100} %`),
    doing: what => show(`${what} …`),
    done(line) {
      out.write(`${out.isTTY ? CLEAR : ''}  ${line}\n`)
      shown = ''
    },
  }
}
