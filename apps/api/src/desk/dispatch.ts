import type { Order } from '@quantdeck/domain'
import type { Broker, BrokerOco } from '../broker/port.ts'
import type { BrokerCommand } from './changes.ts'

type Submit = Exclude<BrokerCommand, { type: 'cancel' }>

/** The orders that a command hands over. */
export function ordersOf(command: Submit): Order[] {
  return command.type === 'submit' ? [command.order] : [command.stopLoss, command.takeProfit]
}

export function toOco({ stopLoss, takeProfit }: Extract<BrokerCommand, { type: 'submit_oco' }>): BrokerOco {
  return { groupId: stopLoss.ocoGroupId ?? '', stopLoss, takeProfit }
}

/** Hands a command to the broker. @throws when it is unknown whether it arrived */
export async function handOver(broker: Broker, command: Submit): Promise<void> {
  if (command.type === 'submit') await broker.submit(command.order)
  else await broker.submitOco(toOco(command))
}
