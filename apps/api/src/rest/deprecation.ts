import type { Deprecation } from '@quantdeck/contracts'

const startOf = (day: string) => new Date(`${day}T00:00:00Z`)

/** What every answer of a deprecated endpoint says: RFC 9745, RFC 8594, and where to go instead. */
export function deprecationHeaders(deprecated: Deprecation | undefined): Record<string, string> {
  if (deprecated === undefined) return {}
  const { since, sunset, successor } = deprecated
  return {
    deprecation: `@${startOf(since).getTime() / 1000}`,
    sunset: startOf(sunset).toUTCString(),
    ...(successor !== undefined && { link: `<${successor}>; rel="successor-version"` }),
  }
}
