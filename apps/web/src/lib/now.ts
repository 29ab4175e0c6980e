import { useSyncExternalStore } from 'react'

/** Server time minus browser time, learned from heartbeats: ages and countdowns use the server's clock. */
let offsetMs = 0
let tick = Date.now()
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

export function learnServerTime(iso: string): void {
  const at = Date.parse(iso)
  if (Number.isFinite(at)) offsetMs = at - Date.now()
}

export function serverNow(): number {
  return Date.now() + offsetMs
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    tick = serverNow()
    for (const each of listeners) each()
  }, 1000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The server's time, renewed each second: one timer for the whole page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => tick)
}
