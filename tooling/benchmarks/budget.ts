import { isMet } from './statistics.ts'
import type { Bound, Budget } from './suite.ts'
import { formatBound, formatNumber } from './table.ts'

export interface BudgetResult {
  goal: string | null
  title: string
  unit: string
  value: number
  bound: Bound | null
  isMet: boolean | null
}

export async function runBudget({ goal, title, unit, bound, measure }: Budget): Promise<BudgetResult> {
  const value = await measure()
  return {
    goal,
    title,
    unit,
    value,
    bound: bound ?? null,
    isMet: bound === undefined ? null : isMet(bound, value),
  }
}

/** One line: the figure, its bound, whether it was met. */
export function renderBudget({ goal, title, unit, value, bound, isMet: met }: BudgetResult): string {
  const judged = bound === null ? '' : ` (goal ${formatBound(bound)}) ${met === true ? 'met' : 'MISSED'}`
  return `  ${goal === null ? '' : `${goal}  `}${title}: ${formatNumber(value)} ${unit}${judged}`
}
