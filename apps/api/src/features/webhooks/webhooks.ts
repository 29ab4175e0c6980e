import type { CoreDeps } from '../../deps.ts'
import { TargetAddresses } from './target-address.ts'
import { WebhookVault } from './vault.ts'
import { WebhookWorker } from './worker.ts'

/** What webhooks need besides the database: the seal of their secrets, the judge of their addresses, the sender. */
export interface Webhooks {
  readonly vault: WebhookVault
  readonly addresses: TargetAddresses
  readonly worker: WebhookWorker
}

type Parts = Pick<CoreDeps, 'db' | 'clock' | 'log' | 'env'> & { secret: string; wakeSealer: () => void }

export function assembleWebhooks({ secret, env, ...parts }: Parts): Webhooks {
  const vault = new WebhookVault(secret)
  const addresses = new TargetAddresses(env.webhookAllowCidrs)
  return { vault, addresses, worker: new WebhookWorker({ ...parts, vault, addresses }) }
}
