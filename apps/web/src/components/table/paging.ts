import type { Paging } from './types.ts'

/** The paging of a list as the API answers it. */
export function pagingOf(
  meta: { page: number; per_page: number; total_count: number },
  onPage: (page: number) => void,
): Paging {
  return { page: meta.page, perPage: meta.per_page, total: meta.total_count, onPage }
}
