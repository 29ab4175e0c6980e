import { createHash, randomInt, timingSafeEqual } from 'node:crypto'

/** Without letters and digits that look alike when they are read out. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
const LENGTH = 8

/** Five tries at one of 31^8 codes within ten minutes. */
export function newApprovalCode(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('')
}

/** Bound to its approval, so that equal codes of two approvals cannot be told by their hashes. */
export function hashApprovalCode(approvalId: string, code: string): string {
  return createHash('sha256').update(`${approvalId}:${code.trim().toUpperCase()}`).digest('hex')
}

export function isApprovalCode(approvalId: string, code: string, hash: string | null): boolean {
  const expected = Buffer.from(hash ?? '', 'hex')
  const given = Buffer.from(hashApprovalCode(approvalId, code), 'hex')
  return expected.length === given.length && timingSafeEqual(expected, given)
}
