import { describe, expect, it } from 'vitest'

import { isCommonPassword } from './common-passwords.ts'

describe('isCommonPassword', () => {
  it.each([
    'password1234',
    'Password2026!',
    'P@ssw0rd2024!!',
    '$ecret$ecret',
    'qwertyuiop12',
    '1qaz2wsx3edc',
    '123456789012',
    '19800101-1980',
    'aaaaaaaaaaaa',
    'abcabcabcabc',
    'WelcomeWelcome',
    'admin admin 123',
    'letmein-letmein',
    'correct horse battery staple',
    'iloveyouiloveyou',
    'Quantdeck-2026',
  ])('knows %s', (password) => expect(isCommonPassword(password)).toBe(true))

  it.each([
    'seven quiet grey herons',
    'correct horse battery',
    'kX9fr-tt2pq-88zb',
    'mein altes blaues rad',
    'every password has a story',
    '83920175634829105836',
    'ñandú en la lluvia',
    'длинный путь домой',
  ])('lets %s pass', (password) => expect(isCommonPassword(password)).toBe(false))

  it('knows the name of the account', () => {
    expect(isCommonPassword('maria2026!!!', 'maria@example.com')).toBe(true)
    expect(isCommonPassword('maria@example.com', 'maria@example.com')).toBe(true)
    expect(isCommonPassword('maria climbs trees', 'maria@example.com')).toBe(false)
  })
})
