import type { RedisWindows } from '../../auth/redis-windows.ts'
import type { ServiceReports } from './probes.ts'

/** Without it limits are counted per instance: the deck works, with less protection. */
export async function probeRedis(redis: Pick<RedisWindows, 'ping'>): Promise<ServiceReports['redis']> {
  try {
    await redis.ping()
    return { status: 'healthy', enabled: true }
  } catch {
    return {
      status: 'degraded',
      enabled: true,
      detail: 'It does not answer: limits are counted per instance',
    }
  }
}
