/** What a report answers. */

/** A list of which a page is given. */
export class Page<Row> {
  readonly rows: Row[]
  /** How many there are. */
  readonly total: number

  constructor(rows: Row[], total: number) {
    this.rows = rows
    this.total = total
  }
}

/** A question that is valid by itself, but cannot be answered: it becomes `invalid_request`. */
export class Refused extends Error {
  readonly field: string

  constructor(field: string, message: string) {
    super(message)
    this.field = field
  }
}
