import { Info } from 'lucide-react'
import { useEffect, useId, useRef, type ReactNode } from 'react'

const BUBBLE =
  'fixed inset-auto m-0 w-max max-w-72 rounded-lg border bg-surface px-3 py-2 text-xs leading-relaxed font-normal whitespace-normal text-ink shadow-xl'

const GAP = 6
const EDGE = 8

/** Below the anchor, above it where there is no room, never over the edge. The browser's top layer does the rest. */
function place(bubble: HTMLElement, anchor: Element): void {
  const around = anchor.getBoundingClientRect()
  const { width, height } = bubble.getBoundingClientRect()
  const centred = around.left + around.width / 2 - width / 2
  const below = around.bottom + GAP
  const top = below + height > window.innerHeight - EDGE ? around.top - GAP - height : below
  bubble.style.left = `${Math.max(EDGE, Math.min(centred, window.innerWidth - width - EDGE))}px`
  bubble.style.top = `${Math.max(EDGE, top)}px`
}

/** Words for a control that only shows an icon or a dash, on hover and on focus. The child must be focusable. */
export function Tip({ text, children }: { text: ReactNode; children: ReactNode }) {
  const frame = useRef<HTMLSpanElement>(null)
  const bubble = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    const target = frame.current?.firstElementChild
    const tip = bubble.current
    if (!target || !tip) return
    const show = () => {
      tip.showPopover()
      place(tip, target)
    }
    const hide = () => tip.hidePopover()
    const onKey = (event: Event) => event instanceof KeyboardEvent && event.key === 'Escape' && hide()
    const stop = new AbortController()
    const options = { signal: stop.signal }
    for (const name of ['pointerenter', 'focus']) target.addEventListener(name, show, options)
    for (const name of ['pointerleave', 'blur', 'pointerdown']) target.addEventListener(name, hide, options)
    target.addEventListener('keydown', onKey, options)
    return () => stop.abort()
  }, [])
  return (
    <span ref={frame} className="contents">
      {children}
      <span ref={bubble} role="tooltip" popover="manual" className={BUBBLE}>
        {text}
      </span>
    </span>
  )
}

/** The (i) beside a figure: opens on click and on touch, where a hover does not exist. */
export function InfoTip({ label, children }: { label: string; children: ReactNode }) {
  const id = useId()
  const trigger = useRef<HTMLButtonElement>(null)
  return (
    <>
      <button
        ref={trigger}
        type="button"
        popoverTarget={id}
        aria-label={label}
        className="-m-1 inline-flex size-6 shrink-0 items-center justify-center rounded-full text-muted hover:text-ink"
      >
        <Info aria-hidden className="size-3.5" />
      </button>
      <span
        id={id}
        popover="auto"
        className={BUBBLE}
        onToggle={(event) => {
          if (event.newState === 'open' && trigger.current) place(event.currentTarget, trigger.current)
        }}
      >
        {children}
      </span>
    </>
  )
}
