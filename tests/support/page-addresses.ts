import { pages } from '../../src/stage/pages.ts'

/** The address of every page there is: a new one is tested with the others. */
export const pageAddresses = pages.map(({ address }) => address)
