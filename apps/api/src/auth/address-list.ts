import { BlockList, isIP } from 'node:net'

/** Is the address one of these, addresses or CIDR ranges? An IPv4 address in IPv6 clothes counts as IPv4. */
export function isListed(ip: string | null, list: readonly string[]): boolean {
  if (ip === null) return false
  const address = ip.replace(/^::ffff:(?=\d+\.)/i, '')
  const family = familyOf(address)
  return family !== null && toBlockList(list).check(address, family)
}

/** @throws RangeError when an entry is neither an address nor a range */
export function toBlockList(list: readonly string[]): BlockList {
  const blockList = new BlockList()
  for (const entry of list) {
    const [network = '', bits] = entry.split('/')
    const family = familyOf(network)
    if (family === null || (bits !== undefined && !/^\d{1,3}$/.test(bits))) {
      throw new RangeError(`not an address or CIDR range: ${entry}`)
    }
    if (bits === undefined) blockList.addAddress(network, family)
    else blockList.addSubnet(network, Number(bits), family)
  }
  return blockList
}

function familyOf(address: string): 'ipv4' | 'ipv6' | null {
  const version = isIP(address)
  if (version === 0) return null
  return version === 4 ? 'ipv4' : 'ipv6'
}
