import { CircleAlert, Clock, Copy, Inbox, Lock, WifiOff } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { cn } from '../lib/cn.ts'
import { problemText, toProblem } from '../lib/errors.ts'
import { useOffline } from '../lib/feed.ts'
import { formatDuration, formatTime } from '../lib/format.ts'
import { useNow } from '../lib/now.ts'
import { Button } from './ui/button.tsx'
import { RowsSkeleton } from './ui/skeleton.tsx'
import { copyText } from '../lib/toast.ts'

/** What a block needs of a query; every tRPC query has it. */
export interface QueryLike<T> {
  data: T | undefined
  error: unknown
  isFetching: boolean
  isPlaceholderData?: boolean
  dataUpdatedAt: number
  refetch: () => unknown
}

export interface EmptyText {
  title: string
  text?: string | undefined
  action?: ReactNode
}

interface DataBlockProps<T> {
  query: QueryLike<T>
  /** In the geometry of the data, so that nothing jumps. */
  skeleton?: ReactNode
  isEmpty?: (data: T) => boolean
  empty?: EmptyText
  /** Older than this is marked with its time. */
  staleAfterMs?: number
  className?: string
  children: (data: T) => ReactNode
}

const DEFAULT_STALE_MS = 5 * 60_000

/** The six states of a block of data: loading, refreshing, empty, error, stale, disconnected. */
export function DataBlock<T>({
  query,
  skeleton = <RowsSkeleton />,
  isEmpty,
  empty,
  staleAfterMs = DEFAULT_STALE_MS,
  className,
  children,
}: DataBlockProps<T>) {
  const { data, error } = query
  if (data === undefined) {
    return error ? (
      <ErrorState error={error} onRetry={query.refetch} />
    ) : (
      <Loading query={query}>{skeleton}</Loading>
    )
  }
  const nothing = isEmpty?.(data) === true && empty !== undefined
  return (
    <div className={cn('relative min-w-0', className)} aria-busy={query.isFetching}>
      <RefreshLine active={query.isFetching && query.isPlaceholderData === true} />
      <OldNotice query={query} staleAfterMs={staleAfterMs} />
      {nothing ? <EmptyState {...empty} /> : children(data)}
    </div>
  )
}

function RefreshLine({ active }: { active: boolean }) {
  if (!active) return null
  return (
    <div aria-hidden className="absolute inset-x-0 -top-1 z-10 h-0.5 overflow-hidden rounded">
      <div className="h-full w-1/3 animate-progress rounded bg-accent" />
    </div>
  )
}

function Loading({ query, children }: { query: QueryLike<unknown>; children: ReactNode }) {
  const { t } = useTranslation()
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), 8_000)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div role="status" aria-label={t('app.loading')}>
      {children}
      {slow && (
        <p className="mt-3 flex items-center gap-3 text-sm text-muted">
          {t('state.stillLoading')}
          <Button size="sm" onClick={() => void query.refetch()}>
            {t('action.retry')}
          </Button>
        </p>
      )}
    </div>
  )
}

/** Data that could not be renewed says of when it is; it is never blanked. */
function OldNotice({ query, staleAfterMs }: { query: QueryLike<unknown>; staleAfterMs: number }) {
  const { t } = useTranslation()
  const offline = useOffline()
  const now = useNow()
  const age = now - query.dataUpdatedAt
  const time = formatTime(query.dataUpdatedAt)
  // What stands in for another filter's answer has no age of its own; the refresh line marks it.
  const stale = query.isPlaceholderData !== true && age > staleAfterMs
  if (!query.error && !stale) return null
  const Icon = offline ? WifiOff : query.error ? CircleAlert : Clock
  return (
    <div className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-lg bg-warn-soft px-3 py-1.5 text-xs text-warn-ink">
      <Icon aria-hidden className="size-3.5 shrink-0" />
      <span>
        {offline
          ? t('state.offline', { time })
          : query.error
            ? t('state.errorOld', { time })
            : t('state.asOf', { time, age: formatDuration(age / 1000) })}
      </span>
      {query.error && !offline ? <span>{problemText(toProblem(query.error), t)}</span> : null}
      <button type="button" className="font-semibold underline" onClick={() => void query.refetch()}>
        {t('action.retry')}
      </button>
    </div>
  )
}

export function EmptyState({ title, text, action }: EmptyText) {
  return (
    <div className="flex flex-col items-center justify-center gap-1 px-4 py-10 text-center">
      <span className="mb-2 flex size-10 items-center justify-center rounded-full bg-raised text-muted">
        <Inbox aria-hidden className="size-5" />
      </span>
      <p className="text-sm font-medium">{title}</p>
      {text !== undefined && <p className="max-w-sm text-sm text-muted">{text}</p>}
      {action !== undefined && <div className="mt-3">{action}</div>}
    </div>
  )
}

export function ErrorState({ error, onRetry }: { error: unknown; onRetry: () => unknown }) {
  const { t } = useTranslation()
  const problem = toProblem(error)
  const forbidden = problem.code === 'FORBIDDEN'
  const Icon = forbidden ? Lock : CircleAlert
  return (
    <div role="alert" className="flex flex-col items-center gap-1 px-4 py-8 text-center">
      <span className="mb-2 flex size-10 items-center justify-center rounded-full bg-bad-soft text-bad-ink">
        <Icon aria-hidden className="size-5" />
      </span>
      <p className="text-sm font-medium">{forbidden ? t('state.forbidden') : t('state.error')}</p>
      <p className="max-w-sm text-sm text-muted">{problemText(problem, t)}</p>
      <p className="num mt-1 text-xs text-muted">{problem.code}</p>
      {problem.requestId !== undefined && <RequestId id={problem.requestId} />}
      <RetryButton waitSeconds={problem.retryAfterSeconds} onRetry={onRetry} />
    </div>
  )
}

function RequestId({ id }: { id: string }) {
  const { t } = useTranslation()
  const copy = () => {
    void copyText(id, t('state.copied'))
  }
  return (
    <p className="flex max-w-full items-center gap-1.5 text-xs text-muted">
      {t('state.requestId')} <code className="truncate">{id}</code>
      <button type="button" aria-label={t('state.copy')} onClick={copy} className="p-1.5 hover:text-ink">
        <Copy aria-hidden className="size-3.5" />
      </button>
    </p>
  )
}

/** Counts down what the server asked for, then tries by itself: this is a read. */
function RetryButton({ waitSeconds, onRetry }: { waitSeconds: number | undefined; onRetry: () => unknown }) {
  const { t } = useTranslation()
  const [left, setLeft] = useState(waitSeconds ?? 0)
  useEffect(() => {
    if (left <= 0) return
    const timer = setTimeout(() => {
      if (left === 1) void onRetry()
      setLeft(left - 1)
    }, 1_000)
    return () => clearTimeout(timer)
  }, [left, onRetry])
  return (
    <Button size="sm" className="mt-3" onClick={() => void onRetry()}>
      {left > 0 ? t('state.retryIn', { seconds: left }) : t('action.retry')}
    </Button>
  )
}
