import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { openAlpacaRig } from './alpaca-rig.ts'
import { rig, order, resting, codes, POST, useFaultyAlpaca } from './faulty-alpaca.ts'
import { KEY_ID, SECRET_KEY } from './local-alpaca/server.ts'

useFaultyAlpaca()

describe('the keys', () => {
  it('when they are wrong: said at once, and nobody repeats them', async () => {
    const wrong = await openAlpacaRig({ keyId: 'PKWRONGWRONGWRONG' })
    await expect(wrong.broker.verify()).rejects.toMatchObject({ name: 'AlpacaRefusal', status: 401 })
    await wrong.broker.start()
    await expect.poll(() => wrong.problems.map(({ code }) => code)).toEqual(['BROKER_KEYS_REFUSED'])
    expect(wrong.broker.status()).toMatchObject({ connected: false })
    await wrong.broker.submit(order())
    const said = JSON.stringify([wrong.problems, wrong.broker.status(), wrong.errors.map(describeError)])
    expect(said).not.toMatch(/PKWRONG|secretsecret/)
    await wrong.close()
  })

  it('are in no error, problem or status, whatever goes wrong', async () => {
    const errors: unknown[] = []
    const id = await resting()
    for (const fault of [
      { drop: 'before' as const },
      { status: 500 },
      { answer: '<html>' },
      { status: 401, body: '' },
    ]) {
      rig.server.faults.push({ on: POST, ...fault })
      await rig.broker.submit(order()).catch((error: unknown) => errors.push(error))
    }
    await rig.server.stop()
    await rig.broker.query(id).catch((error: unknown) => errors.push(error))
    await rig.broker.listPositions('PAPER').catch((error: unknown) => errors.push(error))
    expect(errors.length).toBeGreaterThanOrEqual(5)
    const said = [
      ...errors.map(describeError),
      JSON.stringify(rig.problems),
      JSON.stringify(rig.broker.status()),
    ].join()
    expect(said).not.toContain(KEY_ID)
    expect(said).not.toContain(SECRET_KEY)
  })

  it('follow no redirect', async () => {
    const seen: unknown[] = []
    const elsewhere = createServer((request, response) => {
      seen.push(request.headers)
      response.end('{}')
    })
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
    const { port } = elsewhere.address() as AddressInfo
    const location = `http://127.0.0.1:${port}/v2/account`
    rig.server.faults.push({ on: 'GET /v2/account', status: 302, headers: { location } })
    await expect(rig.broker.account('PAPER')).rejects.toThrow('no answer')
    expect(seen).toEqual([])
    elsewhere.close()
  })
})

describe('the account', () => {
  it('that takes no orders is told once, and shown', async () => {
    const account = rig.server.exchange.account()
    const answer = JSON.stringify({ ...account, trading_blocked: true })
    rig.server.faults.push({ on: 'GET /v2/account', answer, times: 2 })
    await rig.broker.account('PAPER')
    await rig.broker.account('PAPER')
    expect(codes()).toEqual(['CRITICAL BROKER_ACCOUNT_BLOCKED'])
    expect(rig.broker.status().detail).toContain('trading_blocked')
    await rig.broker.account('PAPER')
    expect(rig.broker.status().detail).not.toContain('trading_blocked')
  })
})

/** Everything that a log could write of an error. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return [
    error.message,
    error.stack,
    JSON.stringify(error),
    error.cause ? describeError(error.cause) : '',
  ].join(' ')
}
