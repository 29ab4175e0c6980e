import { deck } from '@quantdeck/contracts'
import { AppError, formatInstant } from '@quantdeck/domain'
import { implement, type Implements } from '../../trpc/implement.ts'
import { dateRange } from '../date-range.ts'
import { exportAudit, getHead, listAuditEntries, verifyAudit } from './operations.ts'
import { presentAuditEntry } from './present-deck.ts'

/** Text that travels as one JSON string stays in memory; over REST an export has no limit. */
const MAX_TEXT = 32 * 1024 * 1024

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

export const auditDeck = {
  list: implement(deck.audit.list, async ({ deps, actor, input }) => {
    const { page, per_page } = input
    const query = { ...filterOf(input), page, perPage: per_page }
    const { entries, totalCount } = await listAuditEntries(deps, actor, query)
    return { data: entries.map(presentAuditEntry), meta: { total_count: totalCount, page, per_page } }
  }),
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
  export: implement(deck.audit.export, async ({ deps, actor, input, response }) => {
    const lines = exportAudit(deps, actor, filterOf(input))
    if (!response.canStream) return collect(lines)
    response.headers['content-disposition'] = 'attachment; filename="quantdeck-audit.jsonl"'
    response.stream = lines
    return ''
  }),
} satisfies Implements<typeof deck.audit>

/** @throws AppError VALIDATION_ERROR */
async function collect(lines: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const piece of lines) {
    text += piece
    if (text.length > MAX_TEXT)
      throw new AppError(
        'VALIDATION_ERROR',
        'Too much for one answer: use GET /v1/audit/export, which streams',
      )
  }
  return text
}
