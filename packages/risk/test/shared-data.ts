import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The folder of the whole project, from wherever this file is run: mutants are tried in a copy of the package deeper down. */
function projectRoot(folder: string): string {
  const isRoot = existsSync(join(folder, 'pnpm-workspace.yaml')) || folder === dirname(folder)
  return isRoot ? folder : projectRoot(dirname(folder))
}

/** The independent reference data beside the checkout; not part of the repository. */
const ROOT = join(projectRoot(import.meta.dirname), '../shared/data')

export const hasSharedData = existsSync(ROOT)
if (!hasSharedData)
  console.warn('skipped: no ../shared/data beside the project, reference cases are not compared')

export function sharedPath(path: string): string {
  return join(ROOT, path)
}

export function readShared(path: string): string {
  return readFileSync(sharedPath(path), 'utf8')
}

export function readSharedJson<T>(path: string): T {
  return JSON.parse(readShared(path)) as T
}

/** Rows of a CSV file without quoting, as objects by header name. */
export function readCsv(text: string): Record<string, string>[] {
  const [header = '', ...lines] = text
    .replace(/^\uFEFF/, '')
    .trim()
    .split(/\r?\n/)
  const names = header.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']))
  })
}

/** One named numeric column of parsed rows. */
export function column(rows: Record<string, string>[], name: string): Float64Array {
  return Float64Array.from(rows, (row) => Number(row[name]))
}
