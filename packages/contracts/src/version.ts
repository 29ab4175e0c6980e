/** Version of the wire contract, by semantic versioning. A schema change without a new version fails the tests. */
export const CONTRACT_VERSION = '1.1.0'

/** One version of the wire contract. */
export interface ChangelogEntry {
  readonly version: string
  /** Day of its release, or `unreleased` while it may still change. */
  readonly date: string
  readonly changes: readonly string[]
}

/** Every version of the wire contract, newest first. */
export const CHANGELOG: readonly ChangelogEntry[] = [
  {
    version: '1.1.0',
    date: 'unreleased',
    changes: [
      'v1: login and refresh answer refresh_token and refresh_expires_in',
      'v1: metrics, strategies and runs name undefined numbers in undefined_metrics',
      'v1: strategy, position and run details hold all fields of their lists',
      'v1: positions and orders say their mode; orders add stop_price, time_in_force, client_order_id, rejected_by',
      'v1: alerts add code, kind, strategy_id, acknowledged_at, acknowledged_by, repeat_count, last_repeated_at, escalated_at, resolved_at, and page and per_page in meta',
      'rl: signals, positions and stream signals add symbol; stream messages add sequence and gap',
      'rl: the risk status adds trades_remaining, daily_blocked, cooldown_remaining_minutes, is_paper_trading, last_updated',
      'rl: model health adds details, psi, stale, undefined_metrics, and a timestamp and counts for all models',
      'deck: signals, inferences, baselines, market data, orders, strategies, runs, keys, approvals, audit',
      'deck: alert rules; webhooks with their deliveries; head, verification and export of the audit log',
      'v1: runs take fees per unit and minimum, spread, slippage models, fills and sizes',
      'deck: run statistics, comparison, Monte-Carlo envelope, trades and equity as JSON',
      'deck: sweeps and walk-forward studies, limits tried on the history of a strategy',
      'v1: the kill switch stops symbols too, also while the database does not answer',
      'deck: lists as CSV with the filters of their pages; the equity curve of every strategy',
      'deck: the figures of a period or of chosen days with the window before; risk events; one more trade on a copy of the risk state; a model and its drift',
      'v1: alerts can be listed by strategy',
      'deck: flatten the positions of a halted scope, with its progress',
      'deck: approvals with what stood when they were asked for, and their revocation',
      'v1: the release of a LIVE strategy is 202 with approval_id, and done when another admin approves it; deck: the list of such releases, approval_code may be null',
      'deck: the execution throttle of a strategy is armed again',
      'deck: users, sessions, logout-all, password, confirm, ws-ticket, strategy shares',
    ],
  },
  {
    version: '1.0.0',
    date: '2026-01-07',
    changes: ['Version inicial'],
  },
]
