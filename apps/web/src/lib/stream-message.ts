import type { RlStreamMessage } from '@quantdeck/contracts'

/** A message of /ws/trading-signals, which the tRPC stream repeats to the letter. */
export type StreamMessage = RlStreamMessage

/** As the stream's type has it: the hub carries payloads without looking into them. */
interface UnreadMessage {
  type: StreamMessage['type']
  timestamp: string
  data: unknown
  sequence: number
}

/** The server renders these messages from the contract's schemas; `type` says which one it is. */
export function toStreamMessage(message: UnreadMessage): StreamMessage {
  return message as StreamMessage
}
