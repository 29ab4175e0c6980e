import { readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

const SKIPPED = new Set([
  'node_modules',
  'dist',
  '.git',
  '.turbo',
  'coverage',
  '.data',
  '.cache',
  'generated',
])

/** Every file below `root` that matches, as sorted paths relative to it, with forward slashes. */
export function listFiles(root, matches) {
  return readdirSync(root, { withFileTypes: true })
    .flatMap((entry) => walk(root, root, entry))
    .filter(matches)
    .sort((a, b) => (a < b ? -1 : 1))
}

function walk(root, folder, entry) {
  const path = join(folder, entry.name)
  if (entry.isFile()) return [relative(root, path).split(sep).join('/')]
  if (!entry.isDirectory() || SKIPPED.has(entry.name)) return []
  return readdirSync(path, { withFileTypes: true }).flatMap((child) => walk(root, path, child))
}
