/** Forgets all from a day on, piece by piece, however long the storage fails meanwhile. */
import type { BackOff } from './back-off.ts'
import type { Pauses } from './pauses.ts'
import type { Work } from './troubles.ts'
import type { EstateWriter } from './writer.ts'

export interface ForgettingOptions {
  writer: Pick<EstateWriter, 'submit'>
  /** @returns whether it worked */
  attempt: (work: Work, doIt: () => Promise<unknown>) => Promise<boolean>
  backOff: Pick<BackOff, 'failed'>
  pauses: Pick<Pauses, 'isOver'>
  /** What was taken may not be taken any more. */
  forgotten: () => void
}

export function createForgetting({ writer, attempt, backOff, pauses, forgotten }: ForgettingOptions) {
  let underWay: Promise<void> | null = null

  async function pieces(day: number | null) {
    let isDone = false
    const piece = async () => {
      isDone = (await writer.submit('forget_from', { day })).isDone
    }
    while (!isDone && !pauses.isOver) if (!(await attempt('forget', piece))) await backOff.failed()
    forgotten()
  }

  async function begin(day: number | null) {
    const mine = pieces(day)
    underWay = mine
    await mine
    if (underWay === mine) underWay = null
  }

  return {
    /** null: nothing is being forgotten by this process. */
    get underWay() {
      return underWay
    },
    /** @param day midnight UTC, Unix ms */
    async from(day: number) {
      while (underWay) await underWay
      await begin(day)
    },
    /** With what is under way, or with what a stop interrupted. */
    goOn: (): Promise<void> => underWay ?? begin(null),
  }
}
