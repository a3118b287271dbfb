/** Watches the pipeline of a server that runs. */
import { setTimeout as wait } from 'node:timers/promises'

interface Pipeline {
  stages: { stage: string; done: number; waiting: number; dead_letters: number }[]
  history: { done: number; total: number } | null
}

export const pipelineOf = async (url: string): Promise<Pipeline> =>
  (await (await fetch(`${url}/estate/pipeline`)).json()) as Pipeline

export interface HistoryFigures {
  samples: number
  seconds: number
}

/** Objects that live samples make all the time. */
const FEW = 8

/** Resolves when the past was generated and is in the tables. @throws Error when that takes too long */
export async function historyTaken(
  url: string,
  minutesMax: number,
  progress: (text: string) => void,
): Promise<HistoryFigures> {
  const startedAt = performance.now()
  let hasBegun = false
  let told = 0
  for (;;) {
    await wait(500)
    const { stages, history } = await pipelineOf(url)
    hasBegun ||= history !== null
    const seconds = (performance.now() - startedAt) / 1000
    const transform = stages.find(({ stage }) => stage === 'transform')
    const samples = transform?.done ?? 0
    if (hasBegun && history === null && (transform?.waiting ?? 0) <= FEW) return { samples, seconds }
    if (seconds > minutesMax * 60) throw new Error(`the past was not there after ${minutesMax} minutes`)
    if (seconds - told < 10) continue
    told = seconds
    progress(`${samples} of ${history?.total ?? samples} samples of the past after ${Math.round(seconds)} s`)
  }
}
