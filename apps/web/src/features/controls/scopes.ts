import type { TFunction } from 'i18next'

/** What a request names for a scope of the kill switch; nothing for all of trading. */
export interface Subject {
  strategy_id?: string
  symbol?: string
}

/** @param scope `global`, `strategy:<id>` or `symbol:<symbol>` */
export function subjectOf(scope: string): Subject {
  if (scope.startsWith('strategy:')) return { strategy_id: nameOf(scope) }
  return scope.startsWith('symbol:') ? { symbol: nameOf(scope) } : {}
}

/** What is typed by hand to confirm something about the scope. */
export function nameOf(scope: string): string {
  return scope.replace(/^(?:strategy|symbol):/, '')
}

/** What a sentence calls it. */
export function titleOf(scope: string, t: TFunction): string {
  return scope === 'global' ? t('banner.global') : nameOf(scope)
}
