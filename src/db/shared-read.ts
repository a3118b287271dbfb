/**
 * A read that all who ask in the same turn of the event loop share. It happens after the last of them
 * asked, so each sees what was committed before its question.
 */
export function sharedRead<T>(read: () => T): () => Promise<T> {
  let pending: Promise<T> | undefined
  return () => {
    pending ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        pending = undefined
        try {
          resolve(read())
        } catch (error) {
          reject(error)
        }
      })
    })
    return pending
  }
}
