import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Client, localKey } from './client.ts'

describe('Client', () => {
  it('sends the key of this machine to this machine only', () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'quantdeck-client-'))
    writeFileSync(join(dataDir, 'cli-key'), 'qd_secret\n')
    expect(localKey('http://127.0.0.1:8000', dataDir)).toBe('qd_secret')
    expect(localKey('http://[::1]:8000', dataDir)).toBe('qd_secret')
    expect(localKey('https://deck.example.com', dataDir)).toBeNull()
    expect(localKey('http://127.0.0.1.example.com', dataDir)).toBeNull()
    rmSync(dataDir, { recursive: true })
  })

  it.each(['deck', 'ftp://deck', ''])('refuses %j as a URL', (url) => {
    expect(() => new Client({ url }, { url, apiKey: null, dataDir: '.', directory: '.' })).toThrow(
      'is no http URL',
    )
  })
})
