import type { Selectable } from 'kysely'
import type { Queryable } from '../client.ts'
import type { WsTicketsTable } from '../schema/ws-tickets.ts'

export type WsTicket = Selectable<WsTicketsTable>

export async function insertWsTicket(db: Queryable, ticket: WsTicket): Promise<void> {
  await db.insertInto('wsTickets').values(ticket).execute()
}

/** Works once and in time. @returns the ticket, or null if it is unknown, used or too old */
export async function useWsTicket(db: Queryable, ticketHash: string, now: Date): Promise<WsTicket | null> {
  const row = await db
    .deleteFrom('wsTickets')
    .where('ticketHash', '=', ticketHash)
    .returningAll()
    .executeTakeFirst()
  return row !== undefined && row.expiresAt > now ? row : null
}

export async function pruneWsTickets(db: Queryable, expiredBefore: Date): Promise<number> {
  const result = await db.deleteFrom('wsTickets').where('expiresAt', '<', expiredBefore).executeTakeFirst()
  return Number(result.numDeletedRows)
}
