import { risk } from '../../i18n/en/risk.ts'

type Key = keyof typeof risk.risk.event

/** The code's name in the dictionary; null for one that has none yet. */
export function riskEventKey(code: string): Key | null {
  return code in risk.risk.event ? (code as Key) : null
}
