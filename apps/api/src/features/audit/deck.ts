import { deck } from '@quantdeck/contracts'
import { implement, type Implements } from '../../trpc/implement.ts'
import { dateRange } from '../date-range.ts'
import { listAuditEntries } from './operations.ts'
import { presentAuditEntry } from './present-deck.ts'

export const auditDeck = {
  list: implement(deck.audit.list, async ({ deps, actor, input }) => {
    const { page, per_page, from_date, to_date, entity_id, ...filter } = input
    const { entries, totalCount } = await listAuditEntries(deps, actor, {
      ...filter,
      ...dateRange(from_date, to_date),
      entityId: entity_id,
      page,
      perPage: per_page,
    })
    return { data: entries.map(presentAuditEntry), meta: { total_count: totalCount, page, per_page } }
  }),
} satisfies Implements<typeof deck.audit>
