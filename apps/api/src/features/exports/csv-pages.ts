import type { Actor } from '../../auth/actor.ts'
import type { Deps } from '../../deps.ts'
import { PageWalks } from '../../pages/page-walks.ts'
import { csvLines } from '../csv.ts'

/** Rows of one turn: a few milliseconds of work, and some hundred kilobytes of text. */
const BATCH = 500
const BYTE_ORDER_MARK = '\uFEFF'

export interface CsvList<Row> {
  /** Fields of a row, in the order of the columns. */
  columns: readonly (keyof Row & string)[]
  bom: boolean
  /** A page of the list, as its own endpoint answers it. */
  pageOf: (deps: Deps, number: { page: number; per_page: number }) => Promise<{ data: readonly Row[] }>
}

/**
 * A list as CSV, all of its pages. It walks them apart from whatever its reader is looking at, so a row that comes or
 * goes meanwhile is in it once or not at all, and no page of the dashboard moves.
 * The first page is read before anything is sent: what is refused has its status.
 */
export async function csvPages<Row extends object>(
  deps: Deps,
  actor: Actor,
  list: CsvList<Row>,
): Promise<AsyncGenerator<string>> {
  const own: Deps = { ...deps, pages: new PageWalks(deps.clock) }
  const pageOf = async (page: number) => (await list.pageOf(own, { page, per_page: BATCH })).data
  const first = await pageOf(1)
  return walk()

  async function* walk(): AsyncGenerator<string> {
    yield (list.bom ? BYTE_ORDER_MARK : '') + csvLines([list.columns])
    try {
      let rows = first
      for (let page = 2; ; page += 1) {
        yield csvLines(rows.map((row) => list.columns.map((column) => cellOf(row[column]))))
        if (rows.length < BATCH) return
        rows = await pageOf(page)
      }
    } catch (error) {
      // The status was sent long ago: the cut connection tells the client.
      deps.log.error({ err: error, requestId: actor.requestId }, 'the export of a list broke off')
      throw error
    }
  }
}

/** Nothing for null; what has parts is JSON. */
function cellOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
