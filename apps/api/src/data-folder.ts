import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Env } from './env.ts'

/** Which embedded database a start opens. The demo has one of its own, so that leaving it deletes nothing. */
export interface DataFolder {
  isDemo: boolean
  path: string
}

/**
 * DEMO=on and DEMO=off decide; `auto` is the demo on a new DATA_DIR, and what was there before on a used one.
 * `quantdeck demo clear` writes `main` into DATA_DIR/active.
 */
export function chooseDataFolder({ demo, dataDir }: Pick<Env, 'demo' | 'dataDir'>): DataFolder {
  const isDemo = demo === 'on' || (demo === 'auto' && !hasLeftDemo(dataDir))
  return { isDemo, path: join(dataDir, isDemo ? 'demo' : 'main') }
}

function hasLeftDemo(dataDir: string): boolean {
  const note = join(dataDir, 'active')
  if (existsSync(note)) return readFileSync(note, 'utf8').trim() === 'main'
  return existsSync(join(dataDir, 'main')) && !existsSync(join(dataDir, 'demo'))
}
