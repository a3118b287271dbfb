/** One row on the page: its element, and how it takes a newer item. */
export interface Row<T> {
  element: Element
  update(item: T): void
}

/**
 * Keeps the children of `parent` in step with a list, reusing the row of each key: focus, selection
 * and a screen reader's place survive an update.
 */
export function keyedList<T>(parent: Element, key: (item: T) => string, create: (item: T) => Row<T>) {
  let rows = new Map<string, Row<T>>()
  return (items: readonly T[]): void => {
    const next = new Map<string, Row<T>>()
    for (const item of items) {
      let name = key(item)
      while (next.has(name)) name += '+'
      const row = rows.get(name) ?? create(item)
      row.update(item)
      next.set(name, row)
    }
    for (const [name, row] of rows) if (!next.has(name)) row.element.remove()
    let position = parent.firstElementChild
    for (const { element } of next.values()) {
      if (element === position) position = position.nextElementSibling
      else parent.insertBefore(element, position)
    }
    rows = next
  }
}
