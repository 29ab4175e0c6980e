import { serverNow } from '../../lib/now.ts'

const DAY_MS = 86_400_000

/** Days from now as an instant; nothing chosen is a key without an end. */
export function expiryInstant(days: string): string | undefined {
  return days === '' ? undefined : new Date(serverNow() + Number(days) * DAY_MS).toISOString()
}

/** "a, b c" -> its parts; undefined where there are none. */
export function splitList(text: string): string[] | undefined {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '')
  return parts.length === 0 ? undefined : parts
}

interface SignalTarget {
  strategy_id: string
  universe: readonly string[]
}

/** A line that posts a signal with the new key, ready for a terminal. */
export function signalCurl(origin: string, key: string, strategy: SignalTarget): string {
  const body = JSON.stringify({
    strategy_code: strategy.strategy_id,
    symbol: strategy.universe[0],
    signal: 'HOLD',
    confidence: 0.75,
    size: 0.5,
    reasoning: 'First signal over the API',
  }).replaceAll("'", String.raw`'\''`)
  return [
    `curl -X POST ${origin}/api/signals`,
    `  -H 'Authorization: Bearer ${key}'`,
    `  -H 'Content-Type: application/json'`,
    `  -d '${body}'`,
  ].join(' \\\n')
}
