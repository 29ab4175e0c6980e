import type { AppRouter } from '@quantdeck/api/router'
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'

export type { AppRouter }
/** What each procedure takes and answers: the only source of the dashboard's data types. */
export type Inputs = inferRouterInputs<AppRouter>
export type Outputs = inferRouterOutputs<AppRouter>
