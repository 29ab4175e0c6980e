import * as z from 'zod'

import { toBlockList } from './auth/address-list.ts'
import { DOCUMENTED_LIMITS, type LimitTable } from './auth/rate-limits.ts'

/** A configuration mistake, said in one sentence. main.ts prints it and ends with exit code 1. */
export class EnvError extends Error {}

export type RateLimitSetting = { kind: 'documented' | 'off' | 'custom'; table: LimitTable | null }

export interface Env {
  port: number
  host: string
  dataDir: string
  databaseUrl: string | null
  redisUrl: string | null
  role: 'api' | 'worker' | 'all'
  demo: 'auto' | 'on' | 'off'
  demoCalendar: 'always-open' | 'real'
  adminEmail: string | null
  adminPassword: string | null
  approverEmail: string | null
  approverPassword: string | null
  /** Null: generated into DATA_DIR (embedded only). */
  jwtSecret: string | null
  apiPublic: boolean
  allowedHosts: string[]
  /** Null: loopback on any port. */
  corsOrigins: string[] | null
  trustProxy: boolean
  ipAllowList: string[] | null
  rateLimits: RateLimitSetting
  broker: 'simulated' | 'alpaca'
  alpacaKeyId: string | null
  alpacaSecretKey: string | null
  alpacaBaseUrl: string
  /** Which of our accounts the keys' account is. */
  alpacaAccount: 'PAPER' | 'LIVE'
  alpacaDataUrl: string
  /** Null: prices come from somewhere else. */
  alpacaFeed: 'iex' | 'sip' | null
  primarySymbol: string
  riskDayZone: string
  /** Decimal string, USD. */
  initialCapital: string
  webhookAllowCidrs: string[]
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'
  metricsToken: string | null
}

const text = z.string().trim().min(1)
const flag = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1')
const list = text.transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
)
const addresses = list.refine(isAddressList, { message: 'must list addresses or CIDR ranges' })
const url = (protocols: string[]) =>
  text.refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    message: `must be a URL with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  })
const zone = text.refine(isZone, { message: 'must be a time zone such as America/Bogota' })
const password = z.string().min(12, { message: 'must have at least 12 characters' })

const LOOPBACK_HOSTS = new Set(['127.0.0.1', '::1', 'localhost'])
const IN_CLEAR = 'must be https://: the keys would travel in clear'
const ALPACA_PAPER_URL = 'https://paper-api.alpaca.markets'
/** https://docs.alpaca.markets/docs/getting-started-with-trading-api: one host for paper accounts, one for live ones. */
const ALPACA_HOSTS: Record<string, 'PAPER' | 'LIVE'> = {
  'paper-api.alpaca.markets': 'PAPER',
  'api.alpaca.markets': 'LIVE',
}

/** Variable -> schema of its text. An empty variable counts as not set. */
const SCHEMAS = {
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, { message: 'must be a number from 0 to 65535' })
    .transform(Number)
    .refine((port) => port <= 65_535, { message: 'must be a number from 0 to 65535' }),
  HOST: text,
  DATA_DIR: text,
  DATABASE_URL: url(['postgres:', 'postgresql:']),
  REDIS_URL: url(['redis:', 'rediss:']),
  ROLE: z.enum(['api', 'worker', 'all']),
  DEMO: z.enum(['auto', 'on', 'off']),
  DEMO_CALENDAR: z.enum(['always-open', 'real']),
  ADMIN_EMAIL: z.email(),
  ADMIN_PASSWORD: password,
  APPROVER_EMAIL: z.email(),
  APPROVER_PASSWORD: password,
  JWT_SECRET: z.string().refine((secret) => Buffer.byteLength(secret) >= 32, {
    message: 'must have at least 32 bytes',
  }),
  API_PUBLIC: flag,
  ALLOWED_HOSTS: list,
  CORS_ORIGINS: list,
  TRUST_PROXY: flag,
  IP_ALLOW_LIST: addresses,
  RATE_LIMITS: text.transform(parseRateLimits),
  BROKER: z.enum(['simulated', 'alpaca']),
  ALPACA_KEY_ID: text,
  ALPACA_SECRET_KEY: text,
  ALPACA_BASE_URL: url(['https:', 'http:']).refine(isPrivate, { message: IN_CLEAR }),
  ALPACA_ACCOUNT: z.enum(['paper', 'live']),
  ALPACA_DATA_URL: url(['https:', 'http:']).refine(isPrivate, { message: IN_CLEAR }),
  ALPACA_FEED: z.enum(['iex', 'sip', 'off']),
  PRIMARY_SYMBOL: text,
  RISK_DAY_ZONE: zone,
  INITIAL_CAPITAL: z.string().regex(/^[1-9]\d{0,14}(\.\d{1,8})?$/, {
    message: 'must be a positive decimal such as 100000',
  }),
  WEBHOOK_ALLOW_CIDRS: addresses,
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
  METRICS_TOKEN: z.string().min(16, { message: 'must have at least 16 characters' }),
}

type Schemas = typeof SCHEMAS
type Values = { [K in keyof Schemas]?: z.output<Schemas[K]> }

function isAddressList(entries: string[]): boolean {
  try {
    return toBlockList(entries) !== null
  } catch {
    return false
  }
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

function parseRateLimits(value: string, ctx: z.RefinementCtx): RateLimitSetting {
  if (value === 'documented') return { kind: 'documented', table: DOCUMENTED_LIMITS }
  if (value === 'off') return { kind: 'off', table: null }
  const names = Object.keys(DOCUMENTED_LIMITS)
  const shape = z.partialRecord(z.enum(names as [string]), z.int().min(1).max(1_000_000))
  try {
    return { kind: 'custom', table: { ...DOCUMENTED_LIMITS, ...shape.parse(JSON.parse(value)) } }
  } catch {
    ctx.addIssue({
      code: 'custom',
      message: `must be documented, off, or JSON such as {"write":120} with the classes ${names.join(', ')}`,
    })
    return z.NEVER
  }
}

/** Nobody can listen on the way to this machine itself. */
function isPrivate(value: string): boolean {
  const { protocol, hostname } = new URL(value)
  return protocol === 'https:' || isLoopback(hostname)
}

function readValues(source: Record<string, string | undefined>): Values {
  const values: Record<string, unknown> = {}
  for (const [name, schema] of Object.entries(SCHEMAS)) {
    const raw = source[name]
    if (raw === undefined || raw === '') continue
    const result = schema.safeParse(raw)
    if (!result.success) throw new EnvError(`${name} ${result.error.issues[0]?.message ?? 'is invalid'}.`)
    values[name] = result.data
  }
  return values
}

export function isLoopback(host: string): boolean {
  return LOOPBACK_HOSTS.has(host)
}

function assertConsistent(values: Values): void {
  const loopback = isLoopback(values.HOST ?? '127.0.0.1')
  if (values.DATABASE_URL !== undefined && values.JWT_SECRET === undefined) {
    throw new EnvError('JWT_SECRET is required with DATABASE_URL, so that every instance signs alike.')
  }
  if (values.RATE_LIMITS?.kind === 'off' && !loopback) {
    throw new EnvError('RATE_LIMITS=off is only possible while HOST is a loopback address.')
  }
  if (values.BROKER === 'alpaca' && (!values.ALPACA_KEY_ID || !values.ALPACA_SECRET_KEY)) {
    throw new EnvError('BROKER=alpaca needs ALPACA_KEY_ID and ALPACA_SECRET_KEY.')
  }
  if (values.BROKER === 'alpaca') assertAlpacaConsistent(values)
  for (const who of ['ADMIN', 'APPROVER'] as const) {
    if (values[`${who}_PASSWORD`] !== undefined && values[`${who}_EMAIL`] === undefined) {
      throw new EnvError(`${who}_PASSWORD is set without ${who}_EMAIL.`)
    }
  }
}

/** Where the data is: all that a command needs which opens the database without serving anybody. */
export type StorageEnv = Pick<Env, 'databaseUrl' | 'dataDir' | 'demo'>

/** @throws {EnvError} with one sentence that names the variable */
export function parseStorageEnv(source: Record<string, string | undefined> = process.env): StorageEnv {
  return storageOf(readValues(source))
}

function storageOf(values: Values): StorageEnv {
  return {
    dataDir: values.DATA_DIR ?? '.data',
    databaseUrl: values.DATABASE_URL ?? null,
    // A real broker and invented prices do not go together.
    demo: values.BROKER === 'alpaca' ? 'off' : (values.DEMO ?? 'auto'),
  }
}

function alpacaAccount(values: Values): 'PAPER' | 'LIVE' {
  const { hostname } = new URL(values.ALPACA_BASE_URL ?? ALPACA_PAPER_URL)
  const told =
    values.ALPACA_ACCOUNT === undefined ? undefined : values.ALPACA_ACCOUNT === 'live' ? 'LIVE' : 'PAPER'
  return told ?? ALPACA_HOSTS[hostname] ?? 'PAPER'
}

function assertAlpacaConsistent(values: Values): void {
  const { hostname } = new URL(values.ALPACA_BASE_URL ?? ALPACA_PAPER_URL)
  const account = ALPACA_HOSTS[hostname]
  if (account !== undefined && account !== alpacaAccount(values)) {
    throw new EnvError(
      `ALPACA_ACCOUNT=${values.ALPACA_ACCOUNT} contradicts ALPACA_BASE_URL: ${hostname} has ${account} accounts.`,
    )
  }
  if (values.DEMO === 'on') {
    throw new EnvError('BROKER=alpaca needs DEMO=off: no order of the demo market may reach a real broker.')
  }
}

/**
 * The whole configuration, checked. Only this file reads the environment.
 * @throws {EnvError} with one sentence that names the variable
 */
export function parseEnv(source: Record<string, string | undefined> = process.env): Env {
  const values = readValues(source)
  assertConsistent(values)
  return {
    port: values.PORT ?? 8000,
    host: values.HOST ?? '127.0.0.1',
    ...storageOf(values),
    redisUrl: values.REDIS_URL ?? null,
    role: values.ROLE ?? 'all',
    demoCalendar: values.DEMO_CALENDAR ?? 'always-open',
    adminEmail: values.ADMIN_EMAIL ?? null,
    adminPassword: values.ADMIN_PASSWORD ?? null,
    approverEmail: values.APPROVER_EMAIL ?? null,
    approverPassword: values.APPROVER_PASSWORD ?? null,
    jwtSecret: values.JWT_SECRET ?? null,
    apiPublic: values.API_PUBLIC ?? false,
    allowedHosts: values.ALLOWED_HOSTS ?? [],
    corsOrigins: values.CORS_ORIGINS ?? null,
    trustProxy: values.TRUST_PROXY ?? false,
    ipAllowList: values.IP_ALLOW_LIST ?? null,
    rateLimits: values.RATE_LIMITS ?? { kind: 'documented', table: DOCUMENTED_LIMITS },
    broker: values.BROKER ?? 'simulated',
    alpacaKeyId: values.ALPACA_KEY_ID ?? null,
    alpacaSecretKey: values.ALPACA_SECRET_KEY ?? null,
    alpacaBaseUrl: values.ALPACA_BASE_URL ?? ALPACA_PAPER_URL,
    alpacaAccount: alpacaAccount(values),
    alpacaDataUrl: values.ALPACA_DATA_URL ?? 'https://data.alpaca.markets',
    alpacaFeed: values.ALPACA_FEED === 'off' ? null : (values.ALPACA_FEED ?? 'iex'),
    primarySymbol: values.PRIMARY_SYMBOL ?? 'USD/COP',
    riskDayZone: values.RISK_DAY_ZONE ?? 'America/Bogota',
    initialCapital: values.INITIAL_CAPITAL ?? '100000',
    webhookAllowCidrs: values.WEBHOOK_ALLOW_CIDRS ?? [],
    logLevel: values.LOG_LEVEL ?? 'info',
    metricsToken: values.METRICS_TOKEN ?? null,
  }
}
