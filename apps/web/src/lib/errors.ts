import { TRPCClientError } from '@trpc/client'
import type { TFunction } from 'i18next'
import type { AppRouter } from './app-router.ts'

export interface Problem {
  /** Stable code of the API, or NETWORK when no answer came. */
  code: string
  message: string
  requestId: string | undefined
  retryAfterSeconds: number | undefined
  details: { field: string | undefined; message: string }[]
}

/** Whatever a call threw, in the words a person and the support can use. */
export function toProblem(error: unknown): Problem {
  if (!(error instanceof TRPCClientError)) return networkProblem(error)
  const data = (error as TRPCClientError<AppRouter>).data
  if (!data) return networkProblem(error)
  return {
    code: data.appCode,
    message: error.message,
    requestId: data.requestId,
    retryAfterSeconds: data.retryAfterSeconds,
    details: data.details.map((detail) => ({
      field: 'field' in detail && typeof detail.field === 'string' ? detail.field : undefined,
      message: detail.message,
    })),
  }
}

function networkProblem(error: unknown): Problem {
  return {
    code: 'NETWORK',
    message: error instanceof Error ? error.message : String(error),
    requestId: undefined,
    retryAfterSeconds: undefined,
    details: [],
  }
}

const KNOWN = [
  'NETWORK',
  'VALIDATION_ERROR',
  'UNAUTHORIZED',
  'INVALID_CREDENTIALS',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'RISK_REJECTED',
  'RATE_LIMIT_EXCEEDED',
  'INTERNAL_ERROR',
  'SERVICE_UNAVAILABLE',
] as const

type KnownCode = (typeof KNOWN)[number]

/** The code in the reader's language; a code this page does not know keeps the API's English sentence. */
export function problemText(problem: Problem, t: TFunction): string {
  const code = KNOWN.find((known): known is KnownCode => known === problem.code)
  return code === undefined ? problem.message : t(`errors.${code}`)
}
