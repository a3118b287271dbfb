/** Rows are removed in pieces, so that nobody waits long for the writer. */
export const PIECE_ROWS = 5000

/** Removes up to a piece of what is before or from a time (Unix ms). @returns how many rows */
export type Removal = (time: number) => number

/** The statement: `where` has one place, for the time. @param keys of the table */
export const removalSql = (table: string, keys: string, where: string): string =>
  `DELETE FROM ${table} WHERE (${keys}) IN (SELECT ${keys} FROM ${table} WHERE ${where} LIMIT ${PIECE_ROWS})`

/** Goes through the removals until a piece is removed. */
export function removePiece(removals: readonly (() => number)[]): { removed: number; isDone: boolean } {
  let removed = 0
  for (const remove of removals) {
    removed += remove()
    if (removed >= PIECE_ROWS) return { removed, isDone: false }
  }
  return { removed, isDone: true }
}

export const rawTables = ['estate_server_samples', 'estate_container_samples', 'estate_service_samples']
export const rollupTables = [
  { table: 'estate_server_rollups', keys: 'span, bucket, region, environment' },
  { table: 'estate_container_rollups', keys: 'span, bucket, service' },
  { table: 'estate_service_rollups', keys: 'span, bucket, service, region' },
]
