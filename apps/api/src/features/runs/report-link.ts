import { DAY_MS, MINUTE_MS, type Clock } from '@quantdeck/domain'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { deriveKey } from '../../auth/secrets.ts'

export const REPORT_LINK_MS = 15 * MINUTE_MS

/** Signs links to one run's report: whoever has one may read that page, and nothing else, for a quarter of an hour. */
export class ReportLinks {
  readonly #key: Buffer
  readonly #clock: Clock

  constructor(secret: string, clock: Clock) {
    this.#key = deriveKey(secret, 'report-link')
    this.#clock = clock
  }

  #sign(runId: string, expiresAt: number): Buffer {
    return createHmac('sha256', this.#key).update(`${runId}.${expiresAt}`).digest()
  }

  /** `/v1/runs/<id>/report?token=...` */
  linkTo(runId: string): string {
    const expiresAt = this.#clock.nowMs() + REPORT_LINK_MS
    const token = `${expiresAt}.${this.#sign(runId, expiresAt).toString('base64url')}`
    return `/v1/runs/${encodeURIComponent(runId)}/report?token=${token}`
  }

  /** True for a token of this run that has not expired. */
  isValid(runId: string, token: string): boolean {
    const match = /^(\d{1,16})\.([\w-]{43})$/.exec(token)
    if (match === null) return false
    const expiresAt = Number(match[1])
    if (this.#clock.nowMs() >= expiresAt || expiresAt > this.#clock.nowMs() + DAY_MS) return false
    return timingSafeEqual(this.#sign(runId, expiresAt), Buffer.from(match[2] ?? '', 'base64url'))
  }
}
