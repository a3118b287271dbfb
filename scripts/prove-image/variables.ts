/**
 * Puts variables into a value, as Docker does in ENV, LABEL, COPY, USER and WORKDIR: `$NAME`, `${NAME}`,
 * `${NAME:-preset}`. One that is not set is empty.
 */
export function expand(value: string, variables: Record<string, string>): string {
  return value.replace(
    /\$(?:(\w+)|\{(\w+)(?::-([^}]*))?\})/g,
    (_, plain, braced, preset = '') => variables[plain ?? braced] || preset,
  )
}
