import type * as z from 'zod'

/** HTTP methods an endpoint can have. GET becomes a tRPC query, everything else a mutation. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** The least privileged role that may call an endpoint; `public` needs no login at all. */
export type AccessRole = 'viewer' | 'trader' | 'risk' | 'admin' | 'public'

/** What an API key may be allowed to do. */
export type ApiKeyScope = 'read' | 'signals' | 'orders' | 'market_data' | 'admin'

/** Who may call an endpoint. Finer rules (owner, sharing, "release needs admin") live in its operation. */
export interface Access {
  readonly role: AccessRole
  /** The scope that an API key needs. Without it no API key may call the endpoint. */
  readonly scope?: ApiKeyScope
  /**
   * A door without a login: `rl-public` = the rl family's reads while the server is local or declared public;
   * `signed-link` = the request carries a signed `token` that the operation checks.
   */
  readonly anonymous?: 'rl-public' | 'signed-link'
}

/** The rate-limit class; the limits themselves are the server's configuration. */
export type RateLimitClass =
  | 'document-read'
  | 'added-read'
  | 'write'
  | 'controls'
  | 'runs'
  | 'ingest'
  | 'login'
  | 'none'

/** How a request proves who it is, by the names of the OpenAPI security schemes. */
export type SecurityScheme = 'bearerAuth' | 'apiKeyAuth' | 'refreshToken' | 'signedLink'

/** That an endpoint will go: told in its `Deprecation` and `Sunset` headers and in the OpenAPI document. */
export interface Deprecation {
  /** Day since which nobody should start to use it: `2026-01-07`. */
  readonly since: string
  /** Day from which it may answer no more. */
  readonly sunset: string
  /** Path of what replaces it. */
  readonly successor?: `/${string}`
}

/** Everything about an endpoint but its schemas, as its author writes it. */
export interface EndpointOptions<M extends Method = Method> {
  readonly method: M
  /** OpenAPI style: `/v1/strategies/{strategy_id}`. */
  readonly path: `/${string}`
  readonly summary: string
  readonly description?: string
  readonly tags: readonly string[]
  readonly access: Access
  readonly rateLimit: RateLimitClass
  /** Status of success; 200 unless said otherwise. */
  readonly status?: number
  /** Further statuses with the same body, each with the words for the document (a sick `/v1/health`: 503). */
  readonly alternativeStatuses?: Readonly<Record<number, string>>
  /** Expected error statuses beyond those that access, input and limits imply (404, 409, 422 ...). */
  readonly errors?: readonly number[]
  /** Derived from `access` unless given. */
  readonly security?: readonly SecurityScheme[]
  /** `application/json` unless the body is raw text. */
  readonly contentType?: 'application/json' | 'text/html' | 'text/csv' | 'text/plain'
  /** Unique and snake_case. */
  readonly operationId: string
  /** True if an `Idempotency-Key` header is honoured. */
  readonly idempotent?: boolean
  /** Largest request body in bytes; 64 KiB unless given. */
  readonly maxBodyBytes?: number
  readonly deprecated?: Deprecation
  readonly examples?: { readonly request?: unknown; readonly response?: unknown }
}

/** What a declared endpoint knows about itself: the author's options with every default filled in. */
export interface EndpointMeta<M extends Method = Method> extends EndpointOptions<M> {
  readonly status: number
  readonly alternativeStatuses: Readonly<Record<number, string>>
  readonly errors: readonly number[]
  readonly security: readonly SecurityScheme[]
  readonly contentType: 'application/json' | 'text/html' | 'text/csv' | 'text/plain'
  readonly idempotent: boolean
  readonly maxBodyBytes: number
}

/** Inputs are flat objects: path and query fields of a GET or DELETE, path and body fields of the others. */
export type InputSchema = z.ZodObject<z.core.$ZodLooseShape, z.core.$ZodObjectConfig>

/** One operation of the wire as a plain frozen value: everything REST, tRPC and OpenAPI are made from. */
export interface Endpoint<
  M extends Method = Method,
  I extends InputSchema = InputSchema,
  O extends z.ZodType = z.ZodType,
> {
  readonly meta: EndpointMeta<M>
  readonly input: I
  readonly output: O
  /** The HTTP status of this answer. */
  statusOf(output: z.output<O>): number
}

/** A tree of endpoints, as `v1`, `rl` and `deck` are. */
export interface EndpointTree {
  readonly [key: string]: Endpoint | EndpointTree
}

/** What the operation receives: the parsed input, defaults filled in. */
export type InputOf<E extends Pick<Endpoint, 'input'>> = z.output<E['input']>
/** What a caller may send: defaulted fields are optional. */
export type RequestOf<E extends Pick<Endpoint, 'input'>> = z.input<E['input']>
/** What the endpoint answers. */
export type OutputOf<E extends Pick<Endpoint, 'output'>> = z.output<E['output']>
/** The HTTP method, as a literal type. */
export type MethodOf<E extends Pick<Endpoint, 'meta'>> = E['meta']['method']

/** Request body limits in bytes. */
export const BODY_LIMITS = { standard: 64 * 1024, ingestion: 4 * 1024 * 1024 } as const

function securityOf(access: Access): readonly SecurityScheme[] {
  if (access.role === 'public') return []
  const schemes: SecurityScheme[] = ['bearerAuth']
  if (access.scope !== undefined) schemes.push('apiKeyAuth')
  if (access.anonymous === 'signed-link') schemes.push('signedLink')
  return schemes
}

/**
 * Declares an endpoint. Access and rate limit are required: an endpoint without them does not compile.
 *
 * @param options method, path, access, limits and words for the OpenAPI document
 * @param input flat object schema; no coercion and no transforms (the bridge converts query strings by its types)
 * @param output the body of success; a string schema together with a text `contentType`
 * @param statusOf for the few endpoints whose success status depends on the body
 */
export function endpoint<M extends Method, I extends InputSchema, O extends z.ZodType>(
  options: EndpointOptions<M>,
  input: I,
  output: O,
  statusOf?: (output: z.output<O>) => number,
): Endpoint<M, I, O> {
  const status = options.status ?? 200
  const meta: EndpointMeta<M> = Object.freeze({
    ...options,
    status,
    alternativeStatuses: options.alternativeStatuses ?? {},
    errors: options.errors ?? [],
    security: options.security ?? securityOf(options.access),
    contentType: options.contentType ?? 'application/json',
    idempotent: options.idempotent ?? false,
    maxBodyBytes: options.maxBodyBytes ?? BODY_LIMITS.standard,
  })
  return Object.freeze({ meta, input, output, statusOf: statusOf ?? (() => status) })
}

/** Tells an endpoint from a branch of the tree. */
export function isEndpoint(node: Endpoint | EndpointTree): node is Endpoint {
  return 'meta' in node && 'statusOf' in node && typeof node.statusOf === 'function'
}

/** Every endpoint of a tree with its dotted name (`strategies.get`), in declaration order. */
export function listEndpoints(tree: EndpointTree, prefix = ''): { name: string; endpoint: Endpoint }[] {
  return Object.entries(tree).flatMap(([key, node]) =>
    isEndpoint(node) ? [{ name: prefix + key, endpoint: node }] : listEndpoints(node, `${prefix}${key}.`),
  )
}
