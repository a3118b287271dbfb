/** Vehicle identification numbers by 49 CFR 565: their letters, check digit and model-year code. */

const VIN = /^[A-HJ-NPR-Z0-9]{17}$/
/** 49 CFR 565.15 (c), Table III: what each letter counts; digits count themselves. */
const letterValues: Record<string, number> = Object.fromEntries(
  ['AJ', 'BKS', 'CLT', 'DMU', 'ENV', 'FW', 'GPX', 'HY', 'RZ'].flatMap((letters, index) =>
    Array.from(letters, letter => [letter, letter === 'P' ? 7 : letter === 'R' ? 9 : index + 1]),
  ),
)
/** 49 CFR 565.15 (c), Table IV. The ninth place is the check digit's own. */
const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
/** 49 CFR 565.15 (d), Table VII: 30 codes without I, O, Q, U, Z and 0; 2010 is A. */
const yearCodes = 'ABCDEFGHJKLMNPRSTVWXY123456789'
const FIRST_YEAR = 2010
const CHECK_PLACE = 8
const YEAR_PLACE = 9

/** The check digit of 17 characters: 0 to 9 or X, whatever stands in the ninth place now. */
export function checkDigit(vin: string): string {
  const sum = weights.reduce((total, weight, place) => {
    const character = vin.charAt(place)
    return total + weight * (letterValues[character] ?? Number(character))
  }, 0)
  return sum % 11 === 10 ? 'X' : String(sum % 11)
}

/** The model-year code of a year from 2010 to 2039. @throws RangeError for another */
export function yearCode(year: number): string {
  const code = yearCodes.charAt(year - FIRST_YEAR)
  if (code === '') throw new RangeError(`${year} has no code here: 2010 to 2039`)
  return code
}

/** Why this is no VIN of that model year; null: it is one. */
export function vinProblem(vin: string, year: number): string | null {
  if (!VIN.test(vin)) return 'must be 17 of the digits and capital letters without I, O and Q'
  if (checkDigit(vin) !== vin[CHECK_PLACE]) return 'the check digit is wrong'
  if (yearCode(year) !== vin[YEAR_PLACE]) return 'the model-year code is of another year'
  return null
}

/** A VIN as people may see it: its last six characters. */
export const maskedVin = (vin: string): string => `•••••••••••${vin.slice(-6)}`
