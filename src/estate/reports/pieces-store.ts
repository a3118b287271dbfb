/** Sums of rollups over a window that `piecesOf` put together: bind `@pieces` to `JSON.stringify(pieces)`. */
export const inPieces = (
  table: string,
) => `json_each(@pieces) AS piece CROSS JOIN ${table} AS r ON r.span = piece.value ->> 'span'
    AND r.bucket >= piece.value ->> 'from' AND r.bucket < piece.value ->> 'to'`
