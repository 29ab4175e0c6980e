import { describe, expect, it } from 'vitest'
import { PasswordHasher } from './passwords.ts'

describe('the hasher of the product', () => {
  it('takes 19 MiB twice for each hash, with a salt of its own', async () => {
    const hasher = new PasswordHasher()
    const hashes = [await hasher.hash('correct horse'), await hasher.hash('correct horse')]
    for (const hash of hashes) {
      expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
      expect(await hasher.verify(hash, 'correct horse')).toBe(true)
      expect(await hasher.verify(hash, 'correct house')).toBe(false)
    }
    expect(hashes[0]).not.toBe(hashes[1])
  })

  it('knows nobody without a hash, not even by the password of its decoy', async () => {
    expect(await new PasswordHasher().verify(null, 'a decoy that belongs to nobody')).toBe(false)
  })

  it('refuses what would wait behind 34 others, at once', async () => {
    const hasher = new PasswordHasher(2, { memoryCost: 8, timeCost: 1 })
    const all = Array.from({ length: 35 }, () => hasher.hash('correct horse'))
    const ends = await Promise.allSettled(all)
    expect(ends.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 34 }, () => 'fulfilled'),
      'rejected',
    ])
    expect(ends.at(-1)).toMatchObject({ reason: { code: 'SERVICE_UNAVAILABLE' } })
  })
})
