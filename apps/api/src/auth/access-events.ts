import { appendOutbox, type Trx } from '@quantdeck/db'

/** Not a topic that anybody can follow: instances tell each other that sessions, roles or keys changed. */
export const ACCESS_TOPIC = 'access'

/** In the transaction of the change itself: every instance looks again who may do what, as soon as it is sealed. */
export async function announceAccessChange(trx: Trx, userId: string, at: Date): Promise<void> {
  await appendOutbox(trx, [
    { topic: ACCESS_TOPIC, key: null, payload: { user_id: userId }, createdAt: at, push: true },
  ])
}
