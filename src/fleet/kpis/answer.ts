/** The questions that the analytics thread answers. Questions and answers travel as JSON. */
import type { Db } from '../../db/open.ts'
import type { Window, WindowCounts } from './kpi.ts'
import { createKpiReports, type SnapshotRow } from './report-store.ts'
import type { ApiEvent } from './schema.ts'

export type Question =
  | ({ kind: 'counts' } & Window)
  | { kind: 'events'; limit: number; skip: number }
  | { kind: 'history'; kpi: string; from: number; limit: number }
export type Answer = WindowCounts | ApiEvent[] | SnapshotRow[]

export function answerer(db: Db): (question: Question) => Answer {
  const reports = createKpiReports(db)
  return question => {
    switch (question.kind) {
      case 'counts':
        return reports.counts({ from: question.from, to: question.to })
      case 'events':
        return reports.events(question)
      case 'history':
        return reports.history(question)
    }
  }
}
