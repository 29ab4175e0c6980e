import type { Check } from '../check.ts'
import { CheckSkip, must, show } from '../check.ts'
import { expectAnswer, expectInvalidField, expectV1Error } from '../expect.ts'
import {
  ALERTS,
  filtersOf,
  hasDates,
  idsOf,
  LISTS,
  type ListSpec,
  type Parameter,
  pathOf,
  type Query,
  readList,
  type Row,
  sample,
  STRATEGIES,
  textOf,
  timeOf,
} from '../lists.ts'
import { settled, type Target } from '../target.ts'

/** No strategy, symbol or id is called like this. */
const NOBODY = 'contract-check-nobody'

export const LIST_CHECKS: Check[] = [
  ...LISTS.flatMap((list) => filtersOf(list.endpoint).map((parameter) => filterCheck(list, parameter))),
  ...LISTS.filter(({ endpoint }) => hasDates(endpoint)).flatMap((list) => [
    dateCheck(list),
    reversedCheck(list),
  ]),
  ...LISTS.filter(({ isPaged }) => isPaged).flatMap((list) => [
    pageDefaults(list),
    pageWalk(list),
    recentFirst(list),
    pageLimit(list, 'per_page', '101'),
    pageLimit(list, 'page', '0'),
  ]),
  {
    id: 'v1.strategies.counts',
    family: 'v1',
    title: 'meta of /v1/strategies counts the rows and the active ones',
    run: async (target) => {
      const { data, meta } = await sample(target, STRATEGIES)
      const active = data.filter((row) => row['status'] === 'active').length
      must(meta.total_count === data.length, `total_count ${data.length}`, show(meta.total_count))
      must(meta['active_count'] === active, `active_count ${active}`, show(meta['active_count']))
    },
  },
  {
    id: 'v1.strategies.default-status',
    family: 'v1',
    title: '/v1/strategies without a status lists all',
    run: async (target) => {
      const { meta } = await sample(target, STRATEGIES)
      const all = await readList(target, STRATEGIES, { status: 'all' })
      must(meta.total_count === all.meta.total_count, `${all.meta.total_count} rows`, show(meta.total_count))
    },
  },
  {
    id: 'v1.alerts.counts',
    family: 'v1',
    title: 'unacknowledged_count counts every alert in sight, whatever the filter',
    run: (target) =>
      settled(async () => {
        const open = await readList(target, ALERTS, { acknowledged: 'false', per_page: 1 })
        const closed = await readList(target, ALERTS, { acknowledged: 'true', per_page: 1 })
        for (const { meta } of [open, closed]) {
          const { unacknowledged_count: seen } = meta
          must(seen === open.meta.total_count, `unacknowledged_count ${open.meta.total_count}`, show(seen))
        }
      }),
  },
]

function filterCheck(list: ListSpec, parameter: Parameter): Check {
  const { path } = list.endpoint.meta
  return {
    id: `v1.${list.name}.filter.${parameter.name}`,
    family: 'v1',
    title: `${parameter.name} of ${path} really filters`,
    run: (target) =>
      parameter.values === null
        ? settled(() => textFilter(target, list, parameter.name))
        : settled(() => valueFilter(target, list, parameter)),
  }
}

/** Each value shows its own rows only, and all values together show everything once. */
async function valueFilter(target: Target, list: ListSpec, { name, values }: Parameter): Promise<void> {
  const size: Query = list.isPaged ? { per_page: 100 } : {}
  let counted = 0
  for (const value of (values ?? []).filter((one) => one !== 'all')) {
    const { data, meta } = await readList(target, list, { [name]: value, ...size })
    assertAll(data, name, (seen) => String(seen) === value, pathOf(list.endpoint, { [name]: value }))
    counted += meta.total_count
  }
  const { meta } = await readList(target, list, list.isPaged ? { per_page: 1 } : {})
  must(
    counted === meta.total_count,
    `the total_counts of every ${name} to add up to ${meta.total_count}`,
    String(counted),
  )
}

async function textFilter(target: Target, list: ListSpec, name: string): Promise<void> {
  const none = await readList(target, list, { [name]: NOBODY })
  must(
    none.data.length === 0 && none.meta.total_count === 0,
    `no rows for ${name}=${NOBODY}`,
    `${none.meta.total_count} rows`,
  )
  const value = textOf((await readList(target, list)).data[0], name)
  if (value === '') return
  const { data, meta } = await readList(target, list, { [name]: value, per_page: 100 })
  assertAll(data, name, (seen) => seen === value, pathOf(list.endpoint, { [name]: value }))
  must(meta.total_count >= 1, `rows for ${name}=${value}, which the list shows`, 'none')
}

/** A field that a server does not show (mode is not in the document) cannot be held to the filter. */
function assertAll(
  rows: readonly Row[],
  field: string,
  fits: (seen: unknown) => boolean,
  where: string,
): void {
  const wrong = rows.find((row) => field in row && !fits(row[field]))
  must(
    wrong === undefined,
    `${where} to show matching rows only`,
    `a row with ${field} ${show(wrong?.[field])}`,
  )
}

function dateCheck(list: ListSpec): Check {
  const { path } = list.endpoint.meta
  return {
    id: `v1.${list.name}.filter.dates`,
    family: 'v1',
    title: `from_date and to_date of ${path} filter ${list.timeField}, both inclusive, days and instants`,
    run: async (target) => {
      const { data } = await sample(target, list)
      const middle = data[Math.floor(data.length / 2)]
      if (middle === undefined) throw new CheckSkip(`the server has no ${list.name}`)
      const at = String(middle[list.timeField ?? ''])
      for (const text of [at, at.slice(0, 10)]) {
        await oneSide(target, list, { row: middle, name: 'from_date', text })
        await oneSide(target, list, { row: middle, name: 'to_date', text })
      }
    },
  }
}

interface Side {
  /** A row at the edge: it must be found. */
  row: Row
  name: 'from_date' | 'to_date'
  text: string
}

async function oneSide(target: Target, list: ListSpec, { row, name, text }: Side): Promise<void> {
  const isDay = text.length === 10
  const edge = isDay
    ? Date.parse(`${text}T${name === 'to_date' ? '23:59:59.999' : '00:00:00'}Z`)
    : Date.parse(text)
  const query = { [name]: text }
  const path = pathOf(list.endpoint, query)
  const fits = (one: Row) => (name === 'from_date' ? timeOf(one, list) >= edge : timeOf(one, list) <= edge)
  const answer = await readList(target, list, { ...query, per_page: 100 })
  const wrong = answer.data.find((one) => !fits(one))
  must(wrong === undefined, `${path} to keep to its date`, `a row of ${show(wrong?.[list.timeField ?? ''])}`)
  // Newer rows may push the edge of from_date off the first page.
  const isComplete = answer.data.length === answer.meta.total_count || name === 'to_date'
  if (!isComplete || (isDay && name === 'to_date')) return
  const id = String(row[list.idField])
  must(idsOf(answer.data, list).includes(id), `${path} to include the row of that very instant`, `no ${id}`)
}

function reversedCheck(list: ListSpec): Check {
  const path = pathOf(list.endpoint, { from_date: '2026-02-01', to_date: '2026-01-01' })
  return {
    id: `v1.${list.name}.reversed-dates`,
    family: 'v1',
    title: `${list.endpoint.meta.path} refuses from_date after to_date and a date that is none`,
    run: async (target) => {
      expectV1Error(await target.call('GET', path), 400, 'VALIDATION_ERROR')
      const wrong = await target.call('GET', pathOf(list.endpoint, { from_date: '2026-02-30' }))
      expectInvalidField(wrong, 'from_date')
    },
  }
}

function pageDefaults(list: ListSpec): Check {
  const { path } = list.endpoint.meta
  return {
    id: `v1.${list.name}.page-defaults`,
    family: 'v1',
    title: `${path} without parameters is page 1 of 20`,
    run: async (target) => {
      const { data, meta } = expectAnswer(await target.get(path), list.endpoint) as {
        data: Row[]
        meta: Record<string, unknown>
      }
      must(data.length <= 20, `${path} to answer at most 20 rows`, String(data.length))
      // Decided: /v1/alerts adds them to its document's meta.
      must(meta['page'] === 1 && meta['per_page'] === 20, `${path}: page 1, per_page 20`, show(meta))
    },
  }
}

function pageLimit(list: ListSpec, name: string, value: string): Check {
  return {
    id: `v1.${list.name}.${name.replace('_', '-')}-${value}`,
    family: 'v1',
    title: `${list.endpoint.meta.path} refuses ${name}=${value}`,
    run: async (target) => {
      expectInvalidField(await target.call('GET', pathOf(list.endpoint, { [name]: value })), name)
    },
  }
}

function recentFirst(list: ListSpec): Check {
  return {
    id: `v1.${list.name}.recent-first`,
    family: 'v1',
    title: `${list.endpoint.meta.path} is sorted by ${list.timeField}, recent first`,
    run: async (target) => {
      const { data } = await sample(target, list)
      for (const [index, row] of data.entries()) {
        const next = data[index + 1]
        if (next === undefined) continue
        must(
          timeOf(row, list) >= timeOf(next, list),
          `${list.timeField} of row ${index + 1} not after row ${index}`,
          `${show(row[list.timeField ?? ''])} before ${show(next[list.timeField ?? ''])}`,
        )
      }
    },
  }
}

function pageWalk(list: ListSpec): Check {
  return {
    id: `v1.${list.name}.pages`,
    family: 'v1',
    title: `pages of ${list.endpoint.meta.path} repeat no row, skip none, and count alike`,
    run: (target) => settled(() => walk(target, list)),
  }
}

/** Three pages against the same rows in one; with dates the window is closed first, so that news cannot shift it. */
async function walk(target: Target, list: ListSpec): Promise<void> {
  const { data } = await sample(target, list)
  if (data.length < 2) throw new CheckSkip(`the server has fewer than two ${list.name}`)
  const window: Query = hasDates(list.endpoint) ? { to_date: String(data[0]?.[list.timeField ?? '']) } : {}
  const whole = await readList(target, list, { ...window, per_page: 100 })
  const size = Math.max(1, Math.min(20, Math.ceil(whole.data.length / 3)))
  const seen: string[] = []
  for (const page of [1, 2, 3]) {
    const answer = await readList(target, list, { ...window, page, per_page: size })
    must(answer.meta['page'] === page, `meta.page ${page}`, show(answer.meta['page']))
    must(
      answer.meta.total_count === whole.meta.total_count,
      `total_count ${whole.meta.total_count} on page ${page}`,
      show(answer.meta.total_count),
    )
    seen.push(...idsOf(answer.data, list))
  }
  const expected = idsOf(whole.data, list).slice(0, size * 3)
  must(new Set(seen).size === seen.length, 'no row on two pages', 'a row that is repeated')
  must(
    seen.join() === expected.join(),
    `the ${expected.length} rows of one large page, in its order`,
    difference(seen, expected),
  )
  const last = Math.ceil(whole.meta.total_count / size)
  const beyond = await readList(target, list, { ...window, page: last + 1, per_page: size })
  must(beyond.data.length === 0, `no rows on page ${last + 1} of ${last}`, `${beyond.data.length} rows`)
}

function difference(seen: string[], expected: string[]): string {
  const index = expected.findIndex((id, position) => seen[position] !== id)
  return index < 0
    ? `${seen.length} rows`
    : `${seen[index] ?? 'nothing'} instead of ${expected[index]} as row ${index + 1}`
}
