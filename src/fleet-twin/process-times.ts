/** How long people take. ASSUMED: calendar hours that we put in, printed with every result; nothing of it is measured. */
import type { TwinStepName } from './api.ts'

export interface Assumption {
  step: TwinStepName
  /** From the moment the step is reached to the next. */
  hours: number
  why: string
}

/** In the order in which they follow one another. */
export const assumptions = [
  {
    step: 'ticket',
    hours: 16,
    why: 'Written when three vehicles have confirmed the code; it lies there until the next working day, as nobody is on call for one.',
  },
  {
    step: 'level_1',
    hours: 4,
    why: 'First level reads it, finds no known case and passes it on within half a day.',
  },
  {
    step: 'level_2',
    hours: 48,
    why: 'Second level asks for more vehicles and compares their lists: two days.',
  },
  { step: 'level_3', hours: 120, why: 'Engineering finds the ECU and the software version: five days.' },
  {
    step: 'supplier',
    hours: 168,
    why: 'The supplier of the ECU reproduces it on its own bench and finds the cause: one week.',
  },
  {
    step: 'fix',
    hours: 168,
    why: 'The correction is built, tested on the bench and in vehicles, released and signed: one week.',
  },
] as const satisfies readonly Assumption[]

/** So many vehicles with the same confirmed code make a ticket, as the first reason above says. ASSUMED as well. */
export const TICKET_VEHICLES = 3
/** A campaign that paused by itself is looked at and goes on after so long. ASSUMED as well. */
export const PAUSE_HOURS = 12
