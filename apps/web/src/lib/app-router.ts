import type {
  inferRouterInputs,
  inferRouterOutputs,
  TRPCBuiltRouter,
  TRPCQueryProcedure,
  TRPCMutationProcedure,
  TRPCSubscriptionProcedure,
} from '@trpc/server'
import type { v1, rl, deck, Endpoint, RlStreamMessage } from '@quantdeck/contracts'
import type * as z from 'zod'

type In<E extends Endpoint> =
  object extends z.input<E['input']> ? z.input<E['input']> | void : z.input<E['input']>
type P<E extends Endpoint> = { input: In<E>; output: z.output<E['output']>; meta: object }
type Impl<T> = {
  [K in keyof T]: T[K] extends Endpoint
    ? T[K]['meta']['method'] extends 'GET'
      ? TRPCQueryProcedure<P<T[K]>>
      : TRPCMutationProcedure<P<T[K]>>
    : Impl<T[K]>
}
type User = { userId: string; email: string; name: string; role: 'viewer' | 'trader' | 'risk' | 'admin' }
type Grant = { accessToken: string; expiresInSeconds: number; user: User }
type M<I, O> = TRPCMutationProcedure<{ input: I; output: O; meta: object }>
type Tree = {
  v1: Impl<typeof v1>
  rl: Impl<typeof rl>
  deck: Impl<typeof deck>
  session: {
    login: M<{ email: string; password: string }, Grant>
    loginWithLink: M<{ token: string }, Grant>
    refresh: M<void, Grant>
    logout: M<void, { message: string }>
  }
  stream: {
    signals: TRPCSubscriptionProcedure<{
      input: { lastEventId?: string; since?: number } | void
      output: AsyncIterable<
        {
          id: string
          data: { type: RlStreamMessage['type']; timestamp: string; data: unknown; sequence: number }
        },
        void,
        unknown
      >
      meta: object
    }>
    events: TRPCSubscriptionProcedure<{
      input: { lastEventId?: string } | void
      output: AsyncIterable<{ id: string; data: { topic: string; key: string } }, void, unknown>
      meta: object
    }>
  }
}
export type AppRouter = TRPCBuiltRouter<
  {
    ctx: object
    meta: object
    errorShape: {
      code: number
      message: string
      data: {
        code: string
        httpStatus: number
        path: string | undefined
        appCode: string
        details: { field?: string; message: string }[]
        retryAfterSeconds: number | undefined
        requestId: string | undefined
      }
    }
    transformer: true
  },
  Tree
>
export type Inputs = inferRouterInputs<AppRouter>
export type Outputs = inferRouterOutputs<AppRouter>
