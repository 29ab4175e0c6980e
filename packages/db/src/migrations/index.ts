import type { Migration } from 'kysely/migration'
import * as identity from './20261122-0100-identity.ts'
import * as marketData from './20261122-0200-market-data.ts'
import * as strategies from './20261122-0300-strategies.ts'
import * as trading from './20261122-0400-trading.ts'
import * as runs from './20261122-0500-runs.ts'
import * as oversight from './20261122-0600-oversight.ts'
import * as streams from './20261122-0700-streams.ts'
import * as confirmation from './20261122-0800-confirmation.ts'
import * as alerting from './20261122-1000-alerting.ts'
import * as brackets from './20261122-1100-brackets.ts'
import * as studies from './20261122-1300-studies.ts'
import * as approvalEvidence from './20261122-1410-approval-evidence.ts'
import * as barChunks from './20261122-1500-bar-chunks.ts'
import * as flattens from './20261122-1600-flattens.ts'
import * as releaseRequests from './20261122-1700-release-requests.ts'
import * as orderCounts from './20261122-1800-order-counts.ts'

/** In order of their names. Imported, not read from a folder, so that a bundled or deployed build has them too. */
export const migrations: Record<string, Migration> = {
  '20261122-0100-identity': identity,
  '20261122-0200-market-data': marketData,
  '20261122-0300-strategies': strategies,
  '20261122-0400-trading': trading,
  '20261122-0500-runs': runs,
  '20261122-0600-oversight': oversight,
  '20261122-0700-streams': streams,
  '20261122-0800-confirmation': confirmation,
  '20261122-1000-alerting': alerting,
  '20261122-1100-brackets': brackets,
  '20261122-1300-studies': studies,
  '20261122-1410-approval-evidence': approvalEvidence,
  '20261122-1500-bar-chunks': barChunks,
  '20261122-1600-flattens': flattens,
  '20261122-1700-release-requests': releaseRequests,
  '20261122-1800-order-counts': orderCounts,
}
