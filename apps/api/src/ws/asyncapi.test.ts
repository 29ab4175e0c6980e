import { rlStreamMessage, STREAM_CLOSE_CODES, STREAM_PATH } from '@quantdeck/contracts'
import { Ajv } from 'ajv'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'

import { buildAsyncApiDocument } from './asyncapi.ts'

const document = buildAsyncApiDocument()
const specification = createRequire(import.meta.url).resolve('@asyncapi/specs/schemas/3.0.0-without-$id.json')

describe('the AsyncAPI document', () => {
  it("fits the standard's own schema", () => {
    const ajv = new Ajv({ strict: false, validateFormats: false })
    const validate = ajv.compile(JSON.parse(readFileSync(specification, 'utf8')) as object)
    expect(validate(document), ajv.errorsText(validate.errors)).toBe(true)
    expect(validate({ ...document, channels: 5 })).toBe(false)
  })

  it('describes the path, the parameters and every close code of the stream', () => {
    expect(document).toMatchObject({
      channels: { tradingSignals: { address: STREAM_PATH } },
    })
    const text = JSON.stringify(document)
    for (const code of Object.values(STREAM_CLOSE_CODES)) expect(text).toContain(`"code":${code}`)
    for (const parameter of ['since', 'snapshot', 'ticket']) expect(text).toContain(`"${parameter}":`)
  })

  it('has a schema for each message that takes what the contract takes, and nothing else', () => {
    const ajv = new Ajv({ strict: false, validateFormats: false })
    ajv.addSchema({ ...document, $id: 'document' })
    const fits = (name: string, value: object) =>
      ajv.validate({ $ref: `document#/components/schemas/${name}` }, value)
    const heartbeat = {
      type: 'heartbeat',
      timestamp: '2026-01-07T16:30:30Z',
      data: { server_time: '2026-01-07T16:30:30Z', connected_clients: 3 },
      sequence: 7,
    }
    expect(rlStreamMessage.safeParse(heartbeat).success).toBe(true)
    expect(fits('heartbeat', heartbeat)).toBe(true)
    expect(fits('signal', heartbeat)).toBe(false)
    expect(fits('marketStatus', heartbeat)).toBe(false)
  })
})
