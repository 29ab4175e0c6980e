const OLDEST = [26, 0] as const

/** One sentence if this Node cannot run the server (no global Temporal before 26), else null. */
export function assertNodeVersion(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isNewEnough = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
  if (isNewEnough) return null
  return `Quantdeck needs Node ${OLDEST.join('.')} or newer, this is ${version}: start it with npm start, which brings its own.`
}
