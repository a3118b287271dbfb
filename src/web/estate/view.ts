import type { EstateFrame } from '../../estate/api/pipeline.ts'
import type { Range } from './address.ts'

/** One of the page's views. */
export interface ViewPart {
  /** Asks for what the frames do not bring; the parts show their own failures. */
  refresh(range: Range): void
  frame(frame: EstateFrame): void
}
