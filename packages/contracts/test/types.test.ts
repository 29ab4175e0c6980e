import { readFileSync } from 'node:fs'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type * as contracts from '../src/index.ts'
import { fencedBlocks, readDocuments } from './seeds.ts'

describe('the rl document’s types', () => {
  it('accept every answer of the schemas', () => {
    expectTypeOf<contracts.RlLatestSignalsResponse>().toExtend<contracts.LatestSignalsResponse>()
    expectTypeOf<contracts.RlStrategySignal>().toExtend<contracts.StrategySignal>()
    expectTypeOf<contracts.RlPerformanceResponse>().toExtend<contracts.PerformanceResponse>()
    expectTypeOf<contracts.RlStrategyPerformance>().toExtend<contracts.StrategyPerformance>()
    expectTypeOf<contracts.RlPositionsResponse>().toExtend<contracts.PositionsResponse>()
    expectTypeOf<contracts.RlPosition>().toExtend<contracts.Position>()
    expectTypeOf<contracts.RlModelHealthResponse>().toExtend<contracts.ModelHealthResponse>()
    expectTypeOf<contracts.RlModelHealth>().toExtend<contracts.ModelHealth>()
    expectTypeOf<contracts.RlRiskLimits>().toExtend<contracts.RiskLimits>()
    expectTypeOf<contracts.RlErrorBody>().toExtend<contracts.APIError>()
    expectTypeOf<contracts.RlStreamSignalMessage>().toExtend<contracts.WSMessage<contracts.WSSignalData>>()
    expectTypeOf<contracts.RlStreamHeartbeatMessage>().toExtend<
      contracts.WSMessage<contracts.WSHeartbeatData>
    >()
    expectTypeOf<contracts.RlStreamMarketStatusMessage>().toExtend<
      contracts.WSMessage<contracts.WSMarketStatusData>
    >()
  })

  it('accept the risk status but for cooldown_until: its type has no null, its example has', () => {
    expectTypeOf<Omit<contracts.RlRiskStatusResponse, 'cooldown_until'>>().toExtend<
      Omit<contracts.RiskStatusResponse, 'cooldown_until'>
    >()
    expectTypeOf<contracts.RlRiskStatusResponse['cooldown_until']>().toEqualTypeOf<
      string | null | undefined
    >()
    expectTypeOf<contracts.RiskStatusResponse['cooldown_until']>().toEqualTypeOf<string | undefined>()
  })

  it('have the unions of the schemas', () => {
    expectTypeOf<contracts.RlStrategySignal['signal']>().toEqualTypeOf<contracts.SignalType>()
    expectTypeOf<contracts.RlStrategySignal['side']>().toEqualTypeOf<contracts.TradeSide>()
    expectTypeOf<contracts.RlLatestSignalsResponse['market_status']>().toEqualTypeOf<contracts.MarketStatus>()
    expectTypeOf<contracts.RlModelHealth['status']>().toEqualTypeOf<contracts.HealthStatus>()
    expectTypeOf<contracts.RlStreamMessage['type']>().toEqualTypeOf<contracts.WSMessageType>()
  })

  const documents = readDocuments()
  it.skipIf(documents === null)('are those of its section 8, verbatim', () => {
    const section = (documents?.rl ?? '').split('## 8. TypeScript Types File')[1] ?? ''
    const published = fencedBlocks(section, 'typescript')[0] ?? ''
    const ours = readFileSync(new URL('../src/types.ts', import.meta.url), 'utf8')
    expect(bare(published)).toContain('exportinterfaceAPIError')
    expect(bare(ours)).toBe(bare(published))
  })
})

describe('types by name', () => {
  it('are the same in both spellings, and only schemas have one', () => {
    expectTypeOf<contracts.V1['Position']>().toEqualTypeOf<contracts.V1Position>()
    expectTypeOf<contracts.Rl['LatestSignalsResponse']>().toEqualTypeOf<contracts.RlLatestSignalsResponse>()
    expectTypeOf<contracts.Deck['SignalsPostResponse']>().toEqualTypeOf<contracts.DeckSignalsPostResponse>()
    expectTypeOf<contracts.V1>().not.toHaveProperty('Positions')
  })
})

/** Code without comments, white space and what a formatter may choose (quotes, semicolons). */
function bare(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|[\s;]/g, '').replaceAll('"', "'")
}
