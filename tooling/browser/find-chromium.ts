import { existsSync } from 'node:fs'

const USUAL_PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The Chromium that the browser suite drives: CHROMIUM_PATH, else where distributions put it; null where there is none. */
export function findChromium(environment: NodeJS.ProcessEnv): string | null {
  const wanted = environment.CHROMIUM_PATH
  if (wanted !== undefined && wanted !== '') {
    if (!existsSync(wanted)) throw new Error(`CHROMIUM_PATH names ${wanted}, and there is no such file`)
    return wanted
  }
  return USUAL_PLACES.find((path) => existsSync(path)) ?? null
}
