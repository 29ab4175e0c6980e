const BROWSERS = [
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const

const SYSTEMS = [
  ['Windows', 'Windows'],
  ['Android', 'Android'],
  ['iPhone', 'iPhone'],
  ['Mac OS X', 'macOS'],
  ['Linux', 'Linux'],
] as const

/** "Firefox, Linux": enough to recognise one's own device; anything else as it is, cut short. */
export function readUserAgent(userAgent: string | null): string {
  if (userAgent === null || userAgent === '') return '–'
  const names = [BROWSERS, SYSTEMS].map((table) => table.find(([mark]) => userAgent.includes(mark))?.[1])
  const known = names.filter((name) => name !== undefined)
  return known.length === 0 ? userAgent.slice(0, 40) : known.join(', ')
}
