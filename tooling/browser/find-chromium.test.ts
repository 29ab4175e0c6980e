import { describe, expect, it } from 'vitest'
import { findChromium } from './find-chromium.ts'

describe('findChromium', () => {
  it('takes the path it is given', () => {
    expect(findChromium({ CHROMIUM_PATH: process.execPath })).toBe(process.execPath)
  })

  it('refuses a given path that does not exist instead of skipping the suite', () => {
    expect(() => findChromium({ CHROMIUM_PATH: '/nowhere/chromium' })).toThrow('/nowhere/chromium')
  })
})
