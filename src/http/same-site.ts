/** Whether a page of another site makes a visitor's browser send something. */
import { Failure } from '../shared/errors.ts'
import { type AppContext, headerOf } from './context.ts'

/** What a form can send without asking first. */
const OF_FORMS = /^\s*(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\b/i

/**
 * Refuses what another site's page makes a browser send with its cookies. Who sends no cookie uses nobody's rights,
 * so that is nobody's to forge: curl and vehicles are not asked.
 * @throws Failure `cross_site`
 */
export function refuseCrossSite(c: AppContext): void {
  if (headerOf(c, 'cookie') !== undefined && isCrossSite(name => headerOf(c, name)))
    throw new Failure('cross_site', 'A page of another site may not do this.')
}

/** @param header gives a header of the request by its name in lower case */
export function isCrossSite(header: (name: string) => string | undefined): boolean {
  const site = header('sec-fetch-site')
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  const origin = header('origin')
  if (origin !== undefined) return isOtherOrigin(origin, header)
  // Browsers too old for either header send forms across sites, and nothing else.
  return OF_FORMS.test(header('content-type') ?? '')
}

/** A proxy may have changed Host; a page of another site cannot set X-Forwarded-Host without being asked about it first. */
export function isOtherOrigin(origin: string, header: (name: string) => string | undefined): boolean {
  if (!URL.canParse(origin)) return true
  const { host } = new URL(origin)
  return host === '' || (host !== header('host') && host !== header('x-forwarded-host'))
}
