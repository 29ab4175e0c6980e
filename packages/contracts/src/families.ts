import type * as z from 'zod'
import type * as deckModule from './deck/index.ts'
import type * as rlModule from './rl/index.ts'
import type * as v1Module from './v1/index.ts'

/** The schemas of a module whose names start with `Prefix`, by the rest of the name, as inferred types. */
type TypesOf<Module, Prefix extends string> = {
  [
    K in keyof Module as K extends `${Prefix}${infer Name}`
      ? Module[K] extends z.ZodType
        ? Name
        : never
      : never
  ]: Module[K] extends z.ZodType ? z.infer<Module[K]> : never
}

/** Types of the v1 family by name: `V1['Position']`, `V1['PositionListResponse']`. */
export type V1 = TypesOf<typeof v1Module, 'v1'>
/** Types of the rl family by name: `Rl['LatestSignalsResponse']`. */
export type Rl = TypesOf<typeof rlModule, 'rl'>
/** Types of what neither document has, by name: `Deck['SignalsPostResponse']`. */
export type Deck = TypesOf<typeof deckModule, 'deck'>
