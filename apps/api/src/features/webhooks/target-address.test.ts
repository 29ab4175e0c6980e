import { describe, expect, it } from 'vitest'

import { type Address, TargetAddresses, TargetError } from './target-address.ts'

const address = (text: string): Address => ({ address: text, family: text.includes(':') ? 6 : 4 })

const REFUSED = [
  ...['127.0.0.1', '127.8.8.8', '0.0.0.0', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
  // The addresses at which clouds hand out credentials.
  ...['169.254.169.254', '100.100.100.200', '192.0.0.192', 'fd00:ec2::254'],
  ...['100.64.0.1', '198.18.0.1', '192.0.2.1', '203.0.113.9', '224.0.0.1', '255.255.255.255', '240.0.0.1'],
  ...['::1', '::', 'fe80::1', 'fc00::1', 'fd12::1', 'ff02::1', 'fec0::1', '2001:db8::1', '100::1', '3fff::1'],
  // IPv4 in IPv6 clothes: mapped, compatible, NAT64, 6to4, Teredo.
  ...['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:a9fe:a9fe', '0:0:0:0:0:ffff:10.0.0.1', '::127.0.0.1'],
  ...['64:ff9b::7f00:1', '64:ff9b:1::1', '2002:7f00:1::', '2001:0:53aa:64c::1'],
  ...['fe80::1%eth0', '::ffff:8.8.8.8%1'],
]
const CALLABLE = ['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8']

/** As people write addresses who want to get past a filter; the URL parser says what they are. */
const DISGUISED = [
  ...['http://127.1/', 'http://2130706433/', 'http://0x7f000001/', 'http://0177.0.0.1/', 'http://0/'],
  ...['https://[::1]/', 'https://[::ffff:127.0.0.1]/', 'https://[0:0:0:0:0:0:0:1]/', 'https://①②⑦.⓪.⓪.①/'],
  ...['https://localhost/', 'https://LOCALHOST./', 'https://db.internal/', 'https://printer.local/'],
]

describe('which addresses a webhook may be sent to', () => {
  const addresses = new TargetAddresses([])

  it.each(REFUSED)('refuses %s', (text) => {
    expect(addresses.isCallable(address(text))).toBe(false)
  })

  it.each(CALLABLE)('allows %s', (text) => {
    expect(addresses.isCallable(address(text))).toBe(true)
  })

  it.each(DISGUISED)('sees through %s', (url) => {
    expect(addresses.isRefusedLiteral(new URL(url))).toBe(true)
  })

  it('does not judge public names before they are resolved', () => {
    expect(addresses.isRefusedLiteral(new URL('https://hooks.example.com/x'))).toBe(false)
  })

  it('allows what WEBHOOK_ALLOW_CIDRS names, and over http nothing else', async () => {
    const allowing = new TargetAddresses(['10.0.0.0/8', '::1'], async () => [address('8.8.8.8')])
    expect(allowing.isCallable(address('10.9.9.9'))).toBe(true)
    expect(allowing.isCallable(address('::ffff:10.9.9.9'))).toBe(true)
    expect(allowing.isCallable(address('::1'))).toBe(true)
    expect(allowing.isCallable(address('192.168.0.1'))).toBe(false)
    expect(await allowing.resolve(new URL('http://10.9.9.9/'))).toEqual(address('10.9.9.9'))
    await expect(allowing.resolve(new URL('http://public.example.com/'))).rejects.toThrow('over https')
  })
})

describe('the resolution of a name', () => {
  const https = new URL('https://hooks.example.com/x')

  it('refuses a name that has a private address, also beside a public one', async () => {
    for (const found of [['10.0.0.1'], ['8.8.8.8', '127.0.0.1'], ['2606:4700::1111', 'fe80::1']]) {
      const addresses = new TargetAddresses([], async () => found.map(address))
      await expect(addresses.resolve(https)).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' })
    }
  })

  it('asks once, so that a second answer cannot be another one', async () => {
    const answers = [['8.8.8.8'], ['127.0.0.1']]
    const addresses = new TargetAddresses([], async () => (answers.shift() ?? []).map(address))
    expect(await addresses.resolve(https)).toEqual(address('8.8.8.8'))
    expect(answers).toHaveLength(1)
  })

  it('says that there is no such name without saying which', async () => {
    const addresses = new TargetAddresses([], async () => {
      throw new Error('getaddrinfo ENOTFOUND hooks.example.com')
    })
    const error: unknown = await addresses.resolve(https).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(TargetError)
    expect((error as Error).message).not.toContain('example')
  })
})
