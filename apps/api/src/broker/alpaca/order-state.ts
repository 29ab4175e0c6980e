import { type Clock, MINUTE_MS, ZERO } from '@quantdeck/domain'
import type { BrokerEvent, BrokerFill, BrokerOrderState } from '../port.ts'
import type { FillLedger } from './fill-ledger.ts'
import { AlpacaUncertain } from './http.ts'
import type { OrderLookup } from './order-lookup.ts'
import { type ReportProblem, shown } from './problems.ts'
import { acceptedEvent, endingEvent, fillOfActivity, standingOf } from './translate.ts'
import type { AlpacaLeg } from './wire.ts'

const MOST_REPLACEMENTS = 20
/** The list of fills can be a moment behind the order. */
const LEDGER_WAITS_MS = [0, 200, 600]

interface Parts {
  lookup: OrderLookup
  ledger: FillLedger
  clock: Clock
  report: ReportProblem
}

/**
 * Everything that happened to one order, from the order and the list of fills.
 * @throws AlpacaUncertain while the two do not agree yet
 */
export async function stateOf(name: string, order: AlpacaLeg, parts: Parts): Promise<BrokerOrderState> {
  const chain = await replacementsOf(name, order, parts)
  const last = chain.at(-1) ?? order
  const fills = await fillsOf(name, chain, parts)
  const now = parts.clock.now()
  const ending = endingEvent(name, last, now)
  const events: BrokerEvent[] = [acceptedEvent(name, order, now), ...fills, ...(ending ? [ending] : [])]
  return { status: statusOf(last, parts), events }
}

function statusOf(order: AlpacaLeg, { report }: Parts): 'working' | 'filled' | 'cancelled' | 'rejected' {
  const standing = standingOf(order)
  if (standing === 'filled' || standing === 'cancelled' || standing === 'rejected') return standing
  if (standing === 'unheard') {
    const status = shown(order.status)
    report({
      severity: 'WARNING',
      code: 'BROKER_BAD_ANSWER',
      message: `Alpaca says that order ${shown(order.client_order_id)} is "${status}", a status nobody knows: taken as working`,
      context: { client_order_id: order.client_order_id, status },
      key: `status:${status}`,
    })
  }
  return 'working'
}

/** The order and those that it went on as. */
async function replacementsOf(name: string, order: AlpacaLeg, { lookup }: Parts): Promise<AlpacaLeg[]> {
  const chain = [order]
  for (let last = order; last.replaced_by !== null && standingOf(last) === 'replaced';) {
    if (chain.length > MOST_REPLACEMENTS) throw new AlpacaUncertain(`${name} was replaced too often`)
    lookup.rename(last.replaced_by, name)
    last = await lookup.get(last.replaced_by)
    chain.push(last)
  }
  return chain
}

async function fillsOf(name: string, chain: readonly AlpacaLeg[], parts: Parts): Promise<BrokerFill[]> {
  const total = chain.reduce((sum, order) => sum.plus(order.filled_qty), ZERO)
  if (total.isZero()) return []
  const ids = new Set(chain.map(({ id }) => id))
  const submittedMs = chain[0]?.submitted_at?.getTime() ?? 0
  for (const waitMs of LEDGER_WAITS_MS) {
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
    const listed = await parts.ledger.since(new Date(Math.max(submittedMs - MINUTE_MS, 0)))
    const own = listed.filter((fill) => ids.has(fill.order_id))
    const sum = own.reduce((left, fill) => left.plus(fill.qty), ZERO)
    // The list may know more than the order did when it was asked for.
    if (sum.gte(total)) return own.map((fill) => fillOfActivity(name, fill))
  }
  throw new AlpacaUncertain(`the fills of ${name} are not all listed yet`)
}
