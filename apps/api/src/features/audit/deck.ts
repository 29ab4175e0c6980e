import { deck } from '@quantdeck/contracts'
import { formatInstant } from '@quantdeck/domain'
import { type Handler, implement, type Implements } from '../../trpc/implement.ts'
import { answerText } from '../answer-text.ts'
import { dateRange } from '../date-range.ts'
import { exportAudit, getHead, listAuditEntries, verifyAudit } from './operations.ts'
import { presentAuditEntry } from './present-deck.ts'

const headOf = ({ sequence, hash }: { sequence: number; hash: string }) => `${hash}:${sequence}`

interface FilterInput {
  actor?: string
  action?: string
  entity?: string
  entity_id?: string
  from_date?: string
  to_date?: string
}

function filterOf({ actor, action, entity, entity_id, from_date, to_date }: FilterInput) {
  return { actor, action, entity, entityId: entity_id, ...dateRange(from_date, to_date) }
}

/** One page; the export of the whole list is made of the same. */
export const auditPage: Handler<typeof deck.audit.list> = async ({ deps, actor, input }) => {
  const { page, per_page } = input
  const query = { ...filterOf(input), page, perPage: per_page }
  const { entries, totalCount } = await listAuditEntries(deps, actor, query)
  return { data: entries.map(presentAuditEntry), meta: { total_count: totalCount, page, per_page } }
}

export const auditDeck = {
  list: implement(deck.audit.list, auditPage),
  head: implement(deck.audit.head, async ({ deps, actor }) => {
    const head = await getHead(deps, actor)
    const { sequence, hash, unsealedCount } = head
    const at = formatInstant(deps.clock.now())
    return { data: { sequence, hash, head: headOf(head), unsealed_count: unsealedCount, at } }
  }),
  verification: implement(deck.audit.verification, async ({ deps, actor }) => {
    const { verdict, sealedCount, unsealedCount, head } = await verifyAudit(deps, actor)
    return {
      data: {
        ok: verdict.ok,
        sealed_count: sealedCount,
        unsealed_count: unsealedCount,
        problem: verdict.ok ? null : verdict.problem,
        problem_sequence: verdict.ok ? null : verdict.sealedSeq,
        head: headOf(head),
        at: formatInstant(deps.clock.now()),
      },
    }
  }),
  export: implement(deck.audit.export, ({ deps, actor, input, response }) =>
    answerText(response, exportAudit(deps, actor, filterOf(input)), {
      name: 'quantdeck-audit.jsonl',
      path: deck.audit.export.meta.path,
    }),
  ),
} satisfies Implements<typeof deck.audit>
