/** Where the real machine is. */
export const REAL_ENVIRONMENT = 'real'

/** What tables can be narrowed to. */
export const environments = ['production', 'staging', 'development', REAL_ENVIRONMENT]
