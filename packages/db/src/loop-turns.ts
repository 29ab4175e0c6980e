import type { KyselyPlugin } from 'kysely'

/** After so much work for the database in one turn of the event loop, everybody else has one. */
const LONGEST_TURN_MS = 50

let turnBeganAt: number | null = null

/**
 * The embedded database works in this process and answers at once: a transaction of many statements, or several
 * waiting for one another, would run through without a timer, a socket or another request having its turn.
 */
export const loopTurns: KyselyPlugin = {
  transformQuery: ({ node }) => node,
  transformResult: async ({ result }) => {
    if (turnBeganAt === null) beginTurn()
    else if (performance.now() - turnBeganAt > LONGEST_TURN_MS) await new Promise(setImmediate)
    return result
  },
}

function beginTurn(): void {
  turnBeganAt = performance.now()
  setImmediate(() => (turnBeganAt = null))
}
