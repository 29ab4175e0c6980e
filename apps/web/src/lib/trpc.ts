import { QueryCache, QueryClient } from '@tanstack/react-query'
import { httpBatchLink, TRPCClientError, type TRPCLink } from '@trpc/client'
import { observable } from '@trpc/server/observable'
import { createTRPCReact } from '@trpc/react-query'
import type { AppRouter } from './app-router.ts'
import { noteAnswer, noteFailure } from './feed.ts'
import { authorization, renewSession } from './session.ts'
import { transformer } from './transformer.ts'

export const trpc = createTRPCReact<AppRouter>()

function statusOf(error: unknown): number | undefined {
  const data = error instanceof TRPCClientError ? (error.data as { httpStatus?: number } | null) : null
  return data?.httpStatus
}

/** A refused token is renewed once and the call repeated; a call that fails again is the caller's to show. */
const renewLink: TRPCLink<AppRouter> =
  () =>
  ({ op, next }) =>
    observable((observer) => {
      let repeated = false
      let subscription = attempt()
      function attempt(): ReturnType<ReturnType<typeof next>['subscribe']> {
        return next(op).subscribe({
          next: (value) => observer.next(value),
          complete: () => observer.complete(),
          error(error) {
            if (repeated || statusOf(error) !== 401) return observer.error(error)
            repeated = true
            void renewSession().then((renewed) => {
              if (renewed) subscription = attempt()
              else observer.error(error)
            })
          },
        })
      }
      return () => subscription.unsubscribe()
    })

export const trpcClient = trpc.createClient({
  links: [
    renewLink,
    httpBatchLink({
      url: '/trpc',
      transformer,
      headers: authorization,
      // Small batches answer as fast as their slowest call; the length keeps URLs below every proxy's limit.
      maxItems: 6,
      maxURLLength: 2_000,
    }),
  ],
})

const RETRYABLE = new Set([502, 503, 504])

export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onSuccess: noteAnswer,
    onError(error) {
      if (statusOf(error) === undefined) noteFailure()
      else noteAnswer()
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 3_000,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: true,
      retry(count, error) {
        const status = statusOf(error)
        return count < 2 && (status === undefined || RETRYABLE.has(status))
      },
      retryDelay: (attempt) => Math.min(8_000, 600 * 2 ** attempt),
    },
    mutations: { retry: false },
  },
})
