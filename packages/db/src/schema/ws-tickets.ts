/** Deleted when used: a ticket opens one connection. */
export interface WsTicketsTable {
  ticketHash: string
  userId: string
  /** Of the session or the key that asked for it; the other is null. */
  sessionId: string | null
  apiKeyId: string | null
  createdAt: Date
  expiresAt: Date
}
