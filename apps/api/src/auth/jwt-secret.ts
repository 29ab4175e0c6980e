import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Env } from '../env.ts'

/** The installation's secret: from the environment, else made once and kept in DATA_DIR, readable by its owner only. */
export function loadJwtSecret(env: Env): string {
  if (env.jwtSecret !== null) return env.jwtSecret
  const path = join(env.dataDir, 'jwt-secret')
  if (existsSync(path)) {
    const secret = readFileSync(path, 'utf8').trim()
    if (Buffer.byteLength(secret) >= 32) return secret
  }
  const secret = randomBytes(48).toString('base64url')
  mkdirSync(env.dataDir, { recursive: true })
  writeFileSync(path, secret, { mode: 0o600 })
  return secret
}
