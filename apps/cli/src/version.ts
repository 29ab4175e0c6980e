import { readFileSync } from 'node:fs'
import { CONTRACT_VERSION } from '@quantdeck/contracts'

/** Of the CLI, and of the wire contract that it speaks. */
export function version(): string {
  const file = new URL('../package.json', import.meta.url)
  const { version: own } = JSON.parse(readFileSync(file, 'utf8')) as { version: string }
  return `quantdeck ${own} (contract ${CONTRACT_VERSION}, Node ${process.versions.node})`
}
