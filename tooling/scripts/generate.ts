// Writes the documents that are made from the code; with --check it fails where a committed one has drifted.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { buildDocuments } from '../../apps/api/src/rest/documents.ts'

const root = join(import.meta.dirname, '..', '..')
const isCheck = process.argv.includes('--check')
const drifted: string[] = []

for (const [path, content] of Object.entries(buildDocuments())) {
  const file = join(root, path)
  const isCurrent = existsSync(file) && readFileSync(file, 'utf8') === content
  if (isCurrent) continue
  drifted.push(path)
  if (isCheck) continue
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
  console.log(`wrote ${path}`)
}

if (isCheck && drifted.length > 0) {
  console.error(`Not as the code makes it: ${drifted.join(', ')}. Run pnpm generate and commit the result.`)
  process.exitCode = 1
}
