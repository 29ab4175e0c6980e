import { createCipheriv, createDecipheriv, createHmac, hash, randomBytes } from 'node:crypto'

/** 32 random bytes in base64url, behind a prefix that says what it is (and lets secret scanners find it). */
export function newSecret(prefix: string): string {
  return `${prefix}${randomBytes(32).toString('base64url')}`
}

/** Secrets of 256 random bits need no slow hash: nobody can guess them. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret)
}

/** A key of its own for each purpose, from the one secret of the installation. */
export function deriveKey(secret: string, purpose: string): Buffer {
  return createHmac('sha256', secret).update(`quantdeck:${purpose}`).digest()
}

/** AES-256-GCM; what is stored sealed cannot be read from a copy of the database. */
export function seal(key: Buffer, text: string): string {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')
}

/** @throws Error if it was changed or sealed with another key */
export function unseal(key: Buffer, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
  decipher.setAuthTag(bytes.subarray(12, 28))
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
}
