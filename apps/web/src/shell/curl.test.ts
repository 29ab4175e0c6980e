import { describe, expect, it } from 'vitest'
import { curlOf } from './curl.ts'

const at = (pathname: string, search = '') => curlOf({ origin: 'http://localhost:8000', pathname, search })

describe('the command for what a page shows', () => {
  it('names filters as the API does and leaves out what is the page’s own', () => {
    expect(at('/orders', '?strategy=ppo_v1&from=2026-01-01&sort=-price&mode=PAPER')).toBe(
      `curl -H "Authorization: Bearer $QUANTDECK_KEY" 'http://localhost:8000/v1/orders?strategy_id=ppo_v1&from_date=2026-01-01&mode=PAPER'`,
    )
    expect(at('/', '?from=2026-01-01&to=2026-01-31')).toContain(
      '/v1/metrics/window?from_day=2026-01-01&to_day=2026-01-31',
    )
  })

  it('carries the id of what is open', () => {
    expect(at('/runs/42')).toContain("'http://localhost:8000/v1/runs/42'")
    expect(at('/strategies/ppo_v1', '?tab=config')).toContain("'http://localhost:8000/v1/strategies/ppo_v1'")
    expect(at('/runs/compare', '?ids=1,2')).toContain("'http://localhost:8000/v1/runs'")
  })

  it('is none where no operation answers', () => {
    expect(at('/settings/profile')).toBeNull()
  })

  it('cannot leave its quotes', () => {
    const command = at("/models/a';reboot;'", '?strategy=%27;x') ?? ''
    expect(command.match(/'/g)).toHaveLength(2)
  })
})
