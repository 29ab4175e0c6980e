import type { AlertSeverity, JsonValue } from '@quantdeck/domain'

/**
 * Something the broker said or did that cannot be right, or that a person has to know. It is written to the log and raised
 * as an alert, once a day per `key`; it never stops the adapter.
 */
export interface BrokerProblem {
  severity: AlertSeverity
  code:
    | 'BROKER_BAD_ANSWER'
    | 'BROKER_CONTRADICTION'
    | 'BROKER_KEYS_REFUSED'
    | 'BROKER_ACCOUNT_BLOCKED'
    | 'BROKER_STREAM_DOWN'
    | 'BROKER_CORRECTION'
  message: string
  context: Record<string, JsonValue>
  /** One alert a day per key, however often it happens. */
  key: string
}

export type ReportProblem = (problem: BrokerProblem) => void

/** What is shown of text that came from outside. */
const MOST_SHOWN = 200

/** A piece of outside text that may stand in a log line or an alert: one line, short. */
export function shown(text: string): string {
  // oxlint-disable-next-line eslint/no-control-regex -- control characters are what is taken out
  const line = text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim()
  return line.length > MOST_SHOWN ? `${line.slice(0, MOST_SHOWN)}...` : line
}
