import type { IncomingHttpHeaders } from 'node:http'
import type { Env } from '../env.ts'

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]'])

/** The name in a Host header, without the port; null when it is none. */
export function hostName(host: string | null | undefined): string | null {
  if (host === null || host === undefined) return null
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(host)
  return match?.[1]?.toLowerCase() ?? null
}

/** Which Host and Origin headers are ours: a page of another site may neither rebind a name to us nor call us. */
export class OriginPolicy {
  readonly #hosts: ReadonlySet<string>
  readonly #origins: ReadonlySet<string> | null
  readonly #trustProxy: boolean

  constructor(env: Pick<Env, 'allowedHosts' | 'corsOrigins' | 'trustProxy'>) {
    this.#trustProxy = env.trustProxy
    this.#hosts = new Set([...LOOPBACK_NAMES, ...env.allowedHosts.map((host) => host.toLowerCase())])
    this.#origins = env.corsOrigins === null ? null : new Set(env.corsOrigins)
  }

  isKnownHost(host: string | null | undefined): boolean {
    const name = hostName(host)
    return name !== null && this.#hosts.has(name)
  }

  /** The address in a request's Host header. Behind a trusted proxy the scheme is what the proxy says. */
  baseUrl(headers: IncomingHttpHeaders): string | null {
    const { host } = headers
    if (!this.isKnownHost(host)) return null
    const isHttps = this.#trustProxy && headers['x-forwarded-proto'] === 'https'
    return `${isHttps ? 'https' : 'http'}://${host}`
  }

  /** No Origin (not a browser), the server's own, a listed one, or by default loopback on any port. */
  isAllowed(origin: string | null, host: string | null): boolean {
    if (origin === null) return true
    if (!URL.canParse(origin)) return false
    const url = new URL(origin)
    if (host !== null && url.host === host.toLowerCase() && this.isKnownHost(host)) return true
    if (this.#origins !== null) return this.#origins.has(origin)
    return /^https?:$/.test(url.protocol) && LOOPBACK_NAMES.has(url.hostname)
  }
}
