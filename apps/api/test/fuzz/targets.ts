import type { Endpoint } from '@quantdeck/contracts'
import * as z from 'zod'

import { listRoutes } from '../../src/rest/bridge.ts'
import { appRouter } from '../../src/trpc/router.ts'

export const DOORS = ['rest', 'trpc'] as const
export type Door = (typeof DOORS)[number]

/** An operation to be fuzzed. */
export interface Target {
  /** Its operation id; the dotted name where REST has no such operation. */
  readonly id: string
  /** The procedure's dotted name. */
  readonly name: string
  readonly type: 'query' | 'mutation' | 'subscription'
  readonly input: z.ZodObject
  /** Its contract; null where only the dashboard has it, over tRPC. */
  readonly endpoint: Endpoint | null
}

interface Procedure {
  _def: { type: Target['type']; inputs: z.ZodType[] }
}

/** Every procedure of the server: with REST's operations those that only tRPC has. */
export function listTargets(): Target[] {
  const endpoints = new Map(listRoutes(appRouter).map(({ name, endpoint }) => [name, endpoint]))
  const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, Procedure>)
  return procedures.map(
    ([
      name,
      {
        _def: { type, inputs },
      },
    ]) => {
      const endpoint = endpoints.get(name) ?? null
      const input = endpoint?.input ?? objectOf(inputs[0])
      return { id: endpoint?.meta.operationId ?? name, name, type, input, endpoint }
    },
  )
}

/** Whether nothing is asked of the caller is up to the procedure; what is given has this form. */
function objectOf(schema: z.ZodType | undefined): z.ZodObject {
  if (schema === undefined) return z.object({})
  if (schema instanceof z.ZodOptional) return objectOf(schema.unwrap() as z.ZodType)
  if (schema instanceof z.ZodObject) return schema
  throw new Error('an input that is no object')
}

/** Where the target may be reached; half of the requests go through each. */
export function doorsOf({ endpoint }: Target): readonly Door[] {
  return endpoint === null ? ['trpc'] : DOORS
}

export function isRead({ type }: Target): boolean {
  return type !== 'mutation'
}
