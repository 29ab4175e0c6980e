/** What a page shows, as the REST API has it: the beginning of the page's path, and of the operation's. */
const OPERATIONS: readonly (readonly [page: RegExp, path: string])[] = [
  [/^\/$/, '/v1/metrics/window'],
  [/^\/signals$/, '/v1/signals'],
  [/^\/strategies$/, '/v1/strategies'],
  [/^\/strategies\/([^/]+)/, '/v1/strategies/$1'],
  [/^\/positions$/, '/v1/positions'],
  [/^\/positions\/([^/]+)$/, '/v1/positions/$1'],
  [/^\/orders$/, '/v1/orders'],
  [/^\/runs$/, '/v1/runs'],
  [/^\/runs\/compare$/, '/v1/runs'],
  [/^\/runs\/([^/]+)$/, '/v1/runs/$1'],
  [/^\/sweeps$/, '/v1/sweeps'],
  [/^\/sweeps\/([^/]+)$/, '/v1/sweeps/$1'],
  [/^\/walk-forwards$/, '/v1/walk-forwards'],
  [/^\/walk-forwards\/([^/]+)$/, '/v1/walk-forwards/$1'],
  [/^\/risk$/, '/api/risk/status'],
  [/^\/models$/, '/api/monitor/health'],
  [/^\/models\/([^/]+)$/, '/v1/models/$1'],
  [/^\/alerts$/, '/v1/alerts'],
  [/^\/controls$/, '/v1/controls/kill-switch'],
  [/^\/audit$/, '/v1/audit'],
  [/^\/data$/, '/v1/market-data/quarantine'],
]

/** Filters that have the same meaning under another name. */
const NAMES: Readonly<Record<string, string>> = {
  strategy: 'strategy_id',
  from: 'from_date',
  to: 'to_date',
  type: 'run_type',
  entityId: 'entity_id',
}
/** Of the overview, whose days are whole. */
const DAYS: Readonly<Record<string, string>> = { from: 'from_day', to: 'to_day' }
/** What concerns the page alone. */
const OWN = new Set(['sort', 'new', 'tab', 'ids', 'trades', 'lang'])

/** What a page asks for, as a command for a terminal; null for a page without an operation of its own. */
export function curlOf({
  origin,
  pathname,
  search,
}: Pick<Location, 'origin' | 'pathname' | 'search'>): string | null {
  for (const [page, path] of OPERATIONS) {
    if (!page.test(pathname)) continue
    const query = new URLSearchParams()
    for (const [name, value] of new URLSearchParams(search)) {
      if (OWN.has(name)) continue
      query.set((pathname === '/' ? DAYS[name] : undefined) ?? NAMES[name] ?? name, value)
    }
    const asked = query.size > 0 ? `?${query}` : ''
    // In single quotes a shell reads nothing; what stands in a URL has none of its own.
    const url = `${origin}${pathname.replace(page, path)}${asked}`.replaceAll("'", '%27')
    return `curl -H "Authorization: Bearer $QUANTDECK_KEY" '${url}'`
  }
  return null
}
