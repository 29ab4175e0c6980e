import type { TFunction } from 'i18next'
import { createContext, use, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

const Words = createContext<TFunction | null>(null)

export function WordsProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  return <Words value={t}>{children}</Words>
}

/** The words for what stands many times on a page: one subscription for all of them, where `useTranslation` has one each. */
export function useWords(): TFunction {
  const t = use(Words)
  if (t === null) throw new Error('no WordsProvider above')
  return t
}
