import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const FORM = /^([\w-]{22})\.([\w-]{43})$/

function macOf(key: Buffer, deviceId: string, email: string): Buffer {
  return createHmac('sha256', key).update(`${deviceId}\n${email}`).digest()
}

/** Says "this browser has logged in to this account before", and nothing else: it opens no session. */
export function issueDevice(key: Buffer, email: string): string {
  const deviceId = randomBytes(16).toString('base64url')
  return `${deviceId}.${macOf(key, deviceId, email).toString('base64url')}`
}

/** The device's id, if the cookie is ours and was made for this account. */
export function readDevice(key: Buffer, cookie: string | null, email: string): string | null {
  const [, deviceId, mac] = FORM.exec(cookie ?? '') ?? []
  if (deviceId === undefined || mac === undefined) return null
  return timingSafeEqual(Buffer.from(mac, 'base64url'), macOf(key, deviceId, email)) ? deviceId : null
}
