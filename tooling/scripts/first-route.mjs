// What a browser must load before a page stands: the entry and the page's code with all that they import at once.
// What comes on demand (charts, dialogs, menus, other pages) does not count.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** Where a visit begins: at the login, and with a session at the overview. Kilobytes are 1,000 bytes after gzip. */
export const FIRST_ROUTES = [
  {
    name: 'first visit (login)',
    budgetKb: 180,
    modules: ['index.html', 'src/features/login/login-page.tsx'],
  },
  {
    name: 'overview',
    budgetKb: 210,
    modules: ['index.html', 'src/shell/shell.tsx', 'src/features/overview/overview-page.tsx'],
  },
]

/** @returns bytes after gzip of each JavaScript file that the modules need at once, largest first */
export function measureRoute(dist, modules) {
  const manifest = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8'))
  const keys = new Set()
  const follow = (key) => {
    if (keys.has(key)) return
    if (manifest[key] === undefined) throw new Error(`the dashboard's manifest has no ${key}`)
    keys.add(key)
    for (const next of manifest[key].imports ?? []) follow(next)
  }
  for (const key of modules) follow(key)
  const files = new Set([...keys].map((key) => manifest[key].file).filter((file) => file.endsWith('.js')))
  return [...files]
    .map((file) => ({ file, bytes: gzipSync(readFileSync(join(dist, file))).length }))
    .sort((a, b) => b.bytes - a.bytes)
}

export function kilobytesOf(dist, modules) {
  return measureRoute(dist, modules).reduce((sum, { bytes }) => sum + bytes, 0) / 1_000
}
