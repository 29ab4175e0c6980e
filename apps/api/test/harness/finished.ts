import { ensureDefined } from '@quantdeck/domain'
import { setTimeout as sleep } from 'node:timers/promises'

import type { TestApi } from '../harness.ts'

const TRIES = 200
const PAUSE_MS = 100

/**
 * A real backtest or study, asked for and waited for, so that its report and lists are real too.
 *
 * @param path the collection: `/v1/runs`, `/v1/sweeps` or `/v1/walk-forwards`
 * @returns its id
 */
export async function makeFinished(
  api: TestApi,
  token: string,
  { path, idField, request }: { path: string; idField: string; request: object },
): Promise<string> {
  const created = await api.call('POST', path, { token, body: request })
  const id = ensureDefined((created.body as { data?: Record<string, string> }).data?.[idField], created.text)
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const { body } = await api.call('GET', `${path}/${id}`, { token })
    if ((body as { data: { status: string } }).data.status !== 'RUNNING') return id
    await sleep(PAUSE_MS)
  }
  throw new Error(`${path}/${id} did not end`)
}
