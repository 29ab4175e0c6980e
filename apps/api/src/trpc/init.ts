import { initTRPC } from '@trpc/server'
import type { Endpoint } from '@quantdeck/contracts'
import type { OpenApiMeta } from 'trpc-to-openapi'

import type { Context } from './context.ts'
import { findAppError } from './errors.ts'
import { transformer } from './transformer.ts'

export type Meta = OpenApiMeta<{ endpoint?: Endpoint }>

export const INTERNAL_MESSAGE = 'Internal server error'

export const t = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    transformer,
    isDev: false,
    errorFormatter({ shape, error, ctx }) {
      const known = findAppError(error)
      return {
        code: shape.code,
        message: known?.message ?? INTERNAL_MESSAGE,
        data: {
          code: shape.data.code,
          httpStatus: shape.data.httpStatus,
          path: shape.data.path,
          /** The stable code both REST families use as well; clients switch on this. */
          appCode: known?.code ?? ('INTERNAL_ERROR' as const),
          details: known?.details ?? [],
          retryAfterSeconds: known?.retryAfterSeconds,
          requestId: ctx?.caller.requestId,
        },
      }
    },
  })

export const router = t.router
