import { readFileSync, writeFileSync } from 'node:fs'
import { CHANGELOG, CONTRACT_VERSION } from '../src/version.ts'
import { schemaHash } from './schema-hash.ts'

// Writes the hash of the schemas under the current contract version. Only an unreleased version may be overwritten.
const file = new URL('./schema-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
const hash = schemaHash()
const known = lock[CONTRACT_VERSION]
const unreleased = CHANGELOG.some(
  ({ version, date }) => version === CONTRACT_VERSION && date === 'unreleased',
)

if (known !== undefined && known !== hash && !unreleased) {
  console.error(
    `Contract version ${CONTRACT_VERSION} is released: raise CONTRACT_VERSION in src/version.ts first.`,
  )
  process.exitCode = 1
} else {
  writeFileSync(file, `${JSON.stringify({ ...lock, [CONTRACT_VERSION]: hash }, null, 2)}\n`)
  console.log(`${CONTRACT_VERSION} ${hash}`)
}
