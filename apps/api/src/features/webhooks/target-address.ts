import { type BlockList, isIP } from 'node:net'
import { lookup as systemLookup } from 'node:dns/promises'

import { toBlockList } from '../../auth/address-list.ts'

export interface Address {
  address: string
  family: 4 | 6
}

export type Lookup = (hostname: string) => Promise<Address[]>

/** Why a target is not called. The text is for the delivery log; it never names the path. */
export class TargetError extends Error {
  readonly code: 'ADDRESS_REFUSED' | 'DNS' | 'PLAIN_HTTP'

  constructor(code: TargetError['code'], message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Everything IANA lists as not globally reachable, with what only looks global: addresses that carry an IPv4 address
 * inside (6to4, Teredo, NAT64), through which a private one could be meant.
 */
const NOT_PUBLIC = toBlockList([
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  ...['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
])
/** Of IPv6 only what is assigned to the public internet: loopback, link-local, ULA, multicast, mapped lie outside. */
const PUBLIC_V6 = toBlockList(['2000::/3'])

function contains(list: BlockList, { address, family }: Address): boolean {
  return list.check(address, family === 4 ? 'ipv4' : 'ipv6')
}

/** An IPv4 address in IPv6 clothes (`::ffff:7f00:1`, `::ffff:127.0.0.1`) is the IPv4 address. */
function unmapped(found: Address): Address {
  if (found.family === 4) return found
  const canonical = new URL(`http://[${found.address}]/`).hostname
  const match = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(canonical)
  if (match === null) return found
  const [high, low] = [parseInt(match[1] ?? '0', 16), parseInt(match[2] ?? '0', 16)]
  return { address: [high >> 8, high & 255, low >> 8, low & 255].join('.'), family: 4 }
}

/** Which addresses may be called. */
export class TargetAddresses {
  readonly #allowed: BlockList
  readonly #lookup: Lookup

  /** @param allowCidrs WEBHOOK_ALLOW_CIDRS: private addresses that may be called all the same, over http as well */
  constructor(allowCidrs: readonly string[], lookup: Lookup = lookUpAll) {
    this.#allowed = toBlockList(allowCidrs)
    this.#lookup = lookup
  }

  /** Is the address named in WEBHOOK_ALLOW_CIDRS? */
  isAllowedPrivate(found: Address): boolean {
    return contains(this.#allowed, unmapped(found))
  }

  isCallable(found: Address): boolean {
    if (!/^[0-9a-f.:]+$/i.test(found.address)) return false
    const plain = unmapped(found)
    if (contains(this.#allowed, plain)) return true
    if (contains(NOT_PUBLIC, plain)) return false
    return plain.family === 4 || contains(PUBLIC_V6, plain)
  }

  /** What a URL says outright: an address that may not be called. Names are judged when they are resolved. */
  isRefusedLiteral(url: URL): boolean {
    const literal = literalOf(url)
    if (literal !== null) return !this.isCallable(literal)
    return /(^|\.)(localhost|local|internal|localdomain)\.?$/i.test(url.hostname) && !this.hasAllowed
  }

  /** Is any private address allowed? Only then http may be. */
  get hasAllowed(): boolean {
    return this.#allowed.rules.length > 0
  }

  /**
   * The one address that this call goes to: resolved here, once. One forbidden address among several refuses all,
   * because then somebody tries something.
   * @throws TargetError
   */
  async resolve(url: URL): Promise<Address> {
    const literal = literalOf(url)
    const found = literal === null ? await this.#lookUp(url.hostname) : [literal]
    const [first] = found
    if (first === undefined) throw new TargetError('DNS', 'The host name has no address')
    if (!found.every((one) => this.isCallable(one))) {
      throw new TargetError('ADDRESS_REFUSED', 'The target is not on the public internet')
    }
    if (url.protocol !== 'https:' && !this.isAllowedPrivate(first)) {
      throw new TargetError('PLAIN_HTTP', 'A public target must be called over https')
    }
    return first
  }

  async #lookUp(hostname: string): Promise<Address[]> {
    try {
      return await this.#lookup(hostname)
    } catch {
      throw new TargetError('DNS', 'The host name could not be resolved')
    }
  }
}

function literalOf(url: URL): Address | null {
  const hostname = url.hostname.replace(/^\[|\]$/g, '')
  const family = isIP(hostname)
  return family === 0 ? null : { address: hostname, family: family === 4 ? 4 : 6 }
}

async function lookUpAll(hostname: string): Promise<Address[]> {
  const found = await systemLookup(hostname, { all: true, verbatim: true })
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }))
}
