import { deck, type OutputOf, v1 } from '@quantdeck/contracts'
import { Client } from '../client.ts'
import { type Invocation, readArgs } from '../args.ts'

type Health = OutputOf<typeof v1.health.get>
type Market = OutputOf<typeof deck.market.status>['data'][number]

/** How the server is, in a few lines. @returns 1 when it is unhealthy */
export async function showStatus({ args, env }: Invocation): Promise<number> {
  const { values } = readArgs({
    args,
    options: { json: { type: 'boolean' }, url: { type: 'string' }, key: { type: 'string' } },
  })
  const client = new Client(values, env)
  const [health, market, positions] = await Promise.all([
    client.call(v1.health.get, {}),
    client.call(deck.market.status, {}),
    client.call(v1.positions.list, { per_page: 1 }),
  ])
  const { total_count: openPositions, total_unrealized_pnl: unrealizedPnl } = positions.meta
  if (values.json) {
    const report = {
      url: client.url,
      health,
      market: market.data,
      open_positions: openPositions,
      unrealized_pnl: unrealizedPnl,
    }
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  } else {
    const lines = [
      `Quantdeck at ${client.url} is ${health.status}`,
      ...Object.entries(health.services).map(([name, service]) => serviceLine(name, service)),
      ...market.data.map(marketLine),
      `  ${'open positions'.padEnd(18)} ${openPositions}, unrealized P&L ${unrealizedPnl} USD`,
    ]
    process.stdout.write(`${lines.join('\n')}\n`)
  }
  return health.status === 'unhealthy' ? 1 : 0
}

function serviceLine(name: string, service: Health['services'][keyof Health['services']]): string {
  const detail = service.detail === undefined ? '' : `: ${service.detail}`
  return `  ${name.padEnd(18)} ${service.status}${detail}`
}

function marketLine(market: Market): string {
  const price = market.market_price === null ? 'no price yet' : market.market_price
  const stale = market.is_stale ? ', stale' : ''
  return `  ${market.symbol.padEnd(18)} ${market.market_status}, ${price}${stale}`
}
