import { insertInstrument, listAudit } from '@quantdeck/db'
import { describeEngines, sampleInstrument } from '@quantdeck/db/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestApi, type TestApi } from '../harness.ts'

interface Quarantined {
  quarantine_id: string
  reason: string
  status: string
}

const DAY = { open: '100', high: '101', low: '99', close: '100', volume: '10' }

describeEngines('quarantine and quality of the data', (engine) => {
  let api: TestApi
  let token: string

  beforeAll(async () => {
    api = await startTestApi({ engine })
    await insertInstrument(api.deps.db.kysely, sampleInstrument())
    token = await api.login('trader')
    // Friday the 2nd to Friday the 9th of January 2026, without Wednesday; a jump, an impossible bar and a double.
    const bars = [
      { opened_at: '2026-01-02', ...DAY },
      { opened_at: '2026-01-05', ...DAY },
      { opened_at: '2026-01-06', ...DAY, open: '200', high: '201', low: '199', close: '200' },
      { opened_at: '2026-01-08', ...DAY },
      { opened_at: '2026-01-09', ...DAY, high: '90' },
      { opened_at: '2026-01-08', ...DAY, close: '100.5' },
      { opened_at: '2026-01-12', ...DAY },
    ]
    await api.call('POST', '/v1/market-data/bars', { token, body: { symbol: 'AAPL', bars } })
  })
  afterAll(() => api?.close())

  const quarantined = async (reason: string) => {
    const { body } = await api.call('GET', '/v1/market-data/quarantine', { token })
    const found = (body as { data: Quarantined[] }).data.find((row) => row.reason === reason)
    if (found === undefined) throw new Error(`nothing quarantined for ${reason}`)
    return found.quarantine_id
  }
  const decide = (id: string, decision: 'accept' | 'drop') =>
    api.call('POST', `/v1/market-data/quarantine/${id}/${decision}`, {
      token,
      body: { reason: 'looked at it' },
    })
  const quality = async () => {
    const { body } = await api.call('GET', '/v1/market-data/quality', { token })
    return (body as { data: Record<string, unknown>[] }).data.find((row) => row['symbol'] === 'AAPL')
  }

  it('counts what the calendar expected and did not get, weekends apart', async () => {
    expect(await quality()).toMatchObject({
      bars: 4,
      first_bar: '2026-01-02T00:00:00Z',
      last_bar: '2026-01-12T00:00:00Z',
      // The 6th and the 7th are one gap, the 9th another.
      missing_bars: 3,
      gaps: [
        { after: '2026-01-05T00:00:00Z', before: '2026-01-08T00:00:00Z', missing_bars: 2 },
        { after: '2026-01-08T00:00:00Z', before: '2026-01-12T00:00:00Z', missing_bars: 1 },
      ],
      completeness: 4 / 7,
      quarantine: { pending: 3, accepted: 0, dropped: 0 },
      is_stale: true,
    })
  })

  it('takes a jump that a person vouches for, which closes its part of the gap', async () => {
    const id = await quarantined('PRICE_JUMP')
    expect(await decide(id, 'accept')).toMatchObject({ status: 200, body: { data: { status: 'ACCEPTED' } } })
    expect(await quality()).toMatchObject({
      bars: 5,
      missing_bars: 2,
      quarantine: { pending: 2, accepted: 1 },
    })
    const { entries } = await listAudit(api.deps.db.kysely, { entityId: id }, { limit: 5, offset: 0 })
    expect(entries).toMatchObject([{ action: 'quarantine.accept', before: null, reason: 'looked at it' }])
  })

  it('replaces the bar that stood at its time, and keeps the old one in the audit log', async () => {
    const id = await quarantined('DUPLICATE_TIMESTAMP')
    expect((await decide(id, 'accept')).status).toBe(200)
    const path = '/v1/market-data/bars?symbol=AAPL&from_date=2026-01-08&to_date=2026-01-08'
    const { body } = await api.call('GET', path, { token })
    expect(body).toMatchObject({ data: [{ close: '100.50' }] })
    const { entries } = await listAudit(api.deps.db.kysely, { entityId: id }, { limit: 5, offset: 0 })
    expect(entries).toMatchObject([{ before: { close: '100' }, after: { raw: { close: '100.5' } } }])
  })

  it('lets what can be no bar only be dropped, each once', async () => {
    const id = await quarantined('HIGH_BELOW_LOW')
    expect(await decide(id, 'accept')).toMatchObject({ status: 409, body: { error: { code: 'CONFLICT' } } })
    expect(await decide(id, 'drop')).toMatchObject({ status: 200, body: { data: { status: 'DROPPED' } } })
    expect((await decide(id, 'drop')).status).toBe(409)
    expect((await decide(id, 'accept')).status).toBe(409)
    expect(await quality()).toMatchObject({ bars: 5, quarantine: { pending: 0, accepted: 2, dropped: 1 } })
  })

  it('answers 404 for what was never quarantined', async () => {
    expect((await decide('00000000-0000-4000-8000-000000000000', 'drop')).status).toBe(404)
    expect((await decide('no-uuid', 'accept')).status).toBe(404)
  })
})
