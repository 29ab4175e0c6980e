/** The messages of /ws/trading-signals, which the tRPC stream repeats to the letter. */
export type { RlStreamMessage as StreamMessage } from '@quantdeck/contracts'
