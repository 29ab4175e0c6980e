import { useEffect, useRef } from 'react'
import { isTyping, layerIsOpen } from './keys.ts'
import { getPreferences } from './preferences.ts'

/** Shortcuts of a single key, for as long as their place is on screen; none while somebody types, has a dialog open or has switched them off. */
export function useKeys(actions: Readonly<Record<string, () => void>>): void {
  const latest = useRef(actions)
  latest.current = actions
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      const action = latest.current[event.key]
      if (action === undefined || event.defaultPrevented) return
      if (event.ctrlKey || event.metaKey || event.altKey) return
      if (!getPreferences().singleKeys || isTyping(event.target) || layerIsOpen()) return
      event.preventDefault()
      action()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}
