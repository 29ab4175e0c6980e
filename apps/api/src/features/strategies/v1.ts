import { v1 } from '@quantdeck/contracts'
import { AppError } from '@quantdeck/domain'
import { implement, type Implements } from '../../trpc/implement.ts'
import { getStrategy, listStrategies, updateStrategy } from './operations.ts'
import { presentStrategy, presentStrategyDetail } from './present-v1.ts'

export const strategiesV1 = {
  list: implement(
    v1.strategies.list,
    async ({ deps, actor, input }) => {
      const status = input.status === 'all' ? undefined : input.status
      const found = await listStrategies(deps, actor, { status, mode: input.mode })
      return {
        data: found.strategies.map(presentStrategy),
        meta: { total_count: found.strategies.length, active_count: found.activeCount },
      }
    },
    { isReusable: true },
  ),
  get: implement(v1.strategies.get, async ({ deps, actor, input, response }) => {
    const detail = await getStrategy(deps, actor, input.strategy_id)
    response.headers['etag'] = `"${detail.strategy.version}"`
    return { data: presentStrategyDetail(detail) }
  }),
  update: implement(v1.strategies.update, async ({ deps, actor, input, ifMatch, response }) => {
    const { strategy_id, max_positions, expected_version, ...patch } = input
    const detail = await updateStrategy(deps, actor, strategy_id, {
      ...patch,
      maxPositions: max_positions,
      expectedVersion: ifMatch === null ? expected_version : versionOf(ifMatch),
    })
    response.headers['etag'] = `"${detail.strategy.version}"`
    return { message: 'Strategy updated successfully', data: presentStrategyDetail(detail) }
  }),
} satisfies Implements<typeof v1.strategies>

/** `*` matches any version; what is no version of ours matches none. */
function versionOf(ifMatch: string): number | undefined {
  if (ifMatch === '*') return undefined
  if (/^[1-9]\d{0,8}$/.test(ifMatch)) return Number(ifMatch)
  throw new AppError('CONFLICT', `If-Match ${ifMatch} is no version of a strategy`)
}
