import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { isTyping, layerIsOpen } from '../../lib/keys.ts'
import { getPreferences } from '../../lib/preferences.ts'
import { copyText } from '../../lib/toast.ts'
import type { View } from './types.ts'

interface RowKeys<Row> {
  view: View<Row>
  frame: RefObject<HTMLElement | null>
  /** Brings a row that is not drawn into sight. */
  reveal: (index: number) => void
}

/** Where the keyboard is in a table: `j` and `k` move, `Enter` opens, `x` selects, `y` copies. */
export function useRowKeys<Row>({ view, frame, reveal }: RowKeys<Row>) {
  const { t } = useTranslation()
  const [active, setActive] = useState<number | null>(null)
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const takesFocus = useRef(false)
  const { rows, rowKey, isMain } = view
  const toggle = useCallback(
    (key: string) =>
      setOpened((current) => {
        const next = new Set(current)
        if (!next.delete(key)) next.add(key)
        return next
      }),
    [],
  )

  function go(by: -1 | 1): void {
    const next = Math.max(0, Math.min(rows.length - 1, active === null ? 0 : active + by))
    takesFocus.current = true
    setActive(next)
    reveal(next)
  }
  function open(row: Row): void {
    if (view.onOpen) view.onOpen(row)
    else if (view.detail) toggle(rowKey(row))
  }
  function press(key: string, row: Row | undefined): boolean {
    if (key === 'j' || key === 'k') go(key === 'j' ? 1 : -1)
    else if (row === undefined) return false
    else if (key === 'Enter') open(row)
    else if (key === 'x' && view.selection?.mayToggle(row)) view.selection.onToggle(row)
    else if (key === 'y') void copyText(JSON.stringify(row, null, 2), t('table.copied'))
    else return false
    return true
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    // Enter on a link or a button in a row is theirs.
    if (event.key === 'Enter' ? !isRow(event.target) : !getPreferences().singleKeys) return
    if (press(event.key, active === null ? undefined : rows[active])) event.preventDefault()
  }

  const enter = useRef(() => {})
  enter.current = () => go(1)
  useEffect(() => {
    if (!isMain) return
    function onKey(event: globalThis.KeyboardEvent): void {
      if (event.key !== 'j' || event.ctrlKey || event.metaKey || event.altKey) return
      if (!getPreferences().singleKeys || isTyping(event.target) || layerIsOpen()) return
      if (document.activeElement?.closest('section[data-table]')) return
      if (document.querySelector('section[data-table]') === frame.current) enter.current()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [isMain, frame])

  return { active, setActive, opened, toggle, takesFocus, onKeyDown }
}

function isRow(target: EventTarget): boolean {
  return target instanceof HTMLElement && target.tagName === 'TR'
}
