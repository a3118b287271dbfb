/** Reads the text of server-sent events (WHATWG HTML, 9.2.6) as it comes, in whatever pieces. */

export interface EventMessage {
  event: string
  id: string | null
  data: string
}

/** @returns takes the next piece of text and returns the messages that it completes */
export function createEventParser(): (text: string) => EventMessage[] {
  let rest = ''
  let event = ''
  let id: string | null = null
  let data: string[] = []

  function line(text: string): EventMessage | null {
    if (text === '') {
      const message = data.length > 0 ? { event: event || 'message', id, data: data.join('\n') } : null
      event = ''
      data = []
      return message
    }
    const colon = text.indexOf(':')
    const field = colon === -1 ? text : text.slice(0, colon)
    const value = colon === -1 ? '' : text.slice(colon + 1).replace(/^ /, '')
    if (field === 'event') event = value
    else if (field === 'data') data.push(value)
    else if (field === 'id') id = value
    return null
  }

  return text => {
    // A piece may end between the two characters of a line's end.
    const whole = rest + text
    const isCut = whole.endsWith('\r')
    const lines = (isCut ? whole.slice(0, -1) : whole).split(/\r\n|\r|\n/)
    rest = (lines.pop() ?? '') + (isCut ? '\r' : '')
    return lines.map(line).filter(message => message !== null)
  }
}
