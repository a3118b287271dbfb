/** The page of the runbook, made from its Markdown. */
import { Lexer, Parser, Renderer, type Token, type Tokens } from 'marked'

/** Puts the runbook's sections, and a list of them, into the page's frame. @param text Markdown */
export function runbookPage(frame: string, text: string): string {
  const sections: Token[][] = [[]]
  for (const token of new Lexer().lex(text)) {
    if (token.type === 'heading' && token.depth === 2) sections.push([])
    sections.at(-1)?.push(token)
  }
  const renderer = new RunbookRenderer()
  const [head = '', ...parts] = sections.map(tokens => Parser.parse(tokens, { renderer }))
  const titles = parts.map(part => /^<h2 id="(.*?)">(.*)<\/h2>/.exec(part) ?? [])
  const pieces: Record<string, string> = {
    head,
    contents: titles.map(([, id, title]) => `<li><a href="#${id}">${title}</a></li>`).join('\n'),
    sections: parts.map(part => `<section class="card">\n${part}</section>`).join('\n'),
  }
  return frame.replace(/<!-- (\w+) -->/g, (_, name) => pieces[name] ?? '')
}

const languages: Record<string, string> = { promql: 'PromQL', logql: 'LogQL', sh: 'Shell' }

/** The runbook's text as HTML. HTML within it is text, and it loads nothing. */
class RunbookRenderer extends Renderer {
  readonly #ids = new Set(['main'])

  override heading({ tokens, text, depth }: Tokens.Heading): string {
    return `<h${depth} id="${this.#idOf(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`
  }

  /** An alert keeps its name, as links to it are made of the name alone. */
  #idOf(heading: string): string {
    const isAlert = /^[A-Z][a-z]+([A-Z][a-z]+)+$/.test(heading)
    const words = heading.toLowerCase().match(/[\p{L}\d]+/gu) ?? ['section']
    const id = isAlert ? heading : words.join('-')
    let free = id
    for (let count = 2; this.#ids.has(free); count++) free = `${id}-${count}`
    this.#ids.add(free)
    return free
  }

  override code({ text, lang = '' }: Tokens.Code): string {
    const language = languages[lang]
    const caption = language ? `<figcaption>${language}</figcaption>` : ''
    return `<figure>${caption}<pre tabindex="0"><code>${escaped(text)}</code></pre></figure>\n`
  }

  override table(token: Tokens.Table): string {
    return `<div class="scroll" role="group" aria-label="Table" tabindex="0">${super.table(token)}</div>\n`
  }

  override link({ href, tokens }: Tokens.Link): string {
    const text = this.parser.parseInline(tokens)
    return /^(https?:|#|\/(?!\/))/.test(href) ? `<a href="${escaped(href)}">${text}</a>` : text
  }

  override html({ text }: Tokens.HTML | Tokens.Tag): string {
    return escaped(text)
  }

  override image({ text }: Tokens.Image): string {
    return escaped(text)
  }

  override checkbox({ checked }: Tokens.Checkbox): string {
    return checked ? '☑ ' : '☐ '
  }
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}
