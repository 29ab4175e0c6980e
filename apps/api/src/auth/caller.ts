export type Door = 'rest' | 'trpc' | 'ws'

/** On whose behalf a stream was opened with a ticket. */
export type Grant = { readonly sessionId: string } | { readonly apiKeyId: string }

/** What the connection knows about the caller, before anybody decided who that is. */
export interface Caller {
  readonly requestId: string
  readonly ip: string | null
  readonly userAgent: string | null
  /** How the caller reached us, `http://localhost:8000`: links in answers lead back the same way. Null without a Host. */
  readonly baseUrl: string | null
  /** `Authorization: Bearer`, without the word. */
  readonly bearer: string | null
  readonly apiKey: string | null
  readonly refreshCookie: string | null
  /** Says that this browser has logged in before; opens nothing. */
  readonly deviceCookie: string | null
  /** The dashboard sends `X-Quantdeck: 1` with cookie calls; another site's form cannot. */
  readonly customHeader: boolean
  /** True if a Forwarded header was seen: such a caller is never anonymous. */
  readonly forwarded: boolean
  /** True when the Origin is one of ours, or there is none (not a browser). */
  readonly originAllowed: boolean
  /** What a stream ticket stood for; it is used up, and this goes on in its place. */
  readonly grant?: Grant
}
