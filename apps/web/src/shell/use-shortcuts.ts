import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { isTyping, layerIsOpen } from '../lib/keys.ts'
import { getPreferences, isDark, setPreferences } from '../lib/preferences.ts'
import { queryClient } from '../lib/trpc.ts'
import { PAGES } from './navigation.ts'

const SEQUENCE_MS = 1_200

interface ShortcutActions {
  openPalette: () => void
  showKeys: () => void
  openKill: () => void
}

/** Single keys never fire while somebody types or a dialog is open. */
export function useShortcuts({ openPalette, showKeys, openKill }: ShortcutActions): void {
  const navigate = useNavigate()
  const goUntil = useRef(0)
  useEffect(() => {
    const singles: Record<string, () => void> = {
      g: () => {
        goUntil.current = performance.now() + SEQUENCE_MS
      },
      '?': showKeys,
      K: openKill,
      t: () => setPreferences({ theme: isDark() ? 'light' : 'dark' }),
      z: () => setPreferences({ hideAmounts: !getPreferences().hideAmounts }),
      r: () => void queryClient.refetchQueries({ type: 'active' }),
      '/': focusFilter,
      n: () => void navigate({ to: '/runs', search: { new: true } }),
    }
    function onKey(event: KeyboardEvent): void {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        return openPalette()
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || layerIsOpen()) return
      if (!getPreferences().singleKeys) return
      if (performance.now() < goUntil.current) {
        goUntil.current = 0
        const page = PAGES.find((entry) => entry.key === event.key)
        if (page) void navigate({ to: page.to })
        return
      }
      const action = singles[event.key]
      if (action === undefined) return
      event.preventDefault()
      action()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [navigate, openPalette, showKeys, openKill])
}

/** The first filter of the page: text before lists before days. */
function focusFilter(): void {
  for (const kind of ['input[type=search]', 'select', 'input[type=date]']) {
    const filter = document.querySelector<HTMLElement>(`#main ${kind}`)
    if (filter) return filter.focus()
  }
}
