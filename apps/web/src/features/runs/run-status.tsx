import { CircleCheck, CircleX, LoaderCircle, Radio } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Badge } from '../../components/ui/badge.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { formatFraction } from '../../lib/format.ts'

type Run = Outputs['v1']['runs']['list']['data'][number]

/** A session that is open is no work in progress: it has no percentage. */
export function RunStatusBadge({
  run,
}: {
  run: Pick<Run, 'status' | 'run_type' | 'progress' | 'phase' | 'error'>
}) {
  const { t } = useTranslation()
  const text = t(`runStatus.${run.status}`)
  if (run.status === 'COMPLETED') {
    return (
      <Badge tone="ok">
        <CircleCheck aria-hidden /> {text}
      </Badge>
    )
  }
  if (run.status === 'FAILED') {
    return (
      <Badge tone="bad" title={run.error}>
        <CircleX aria-hidden /> {text}
      </Badge>
    )
  }
  if (run.run_type !== 'BACKTEST') {
    return (
      <Badge tone="info">
        <Radio aria-hidden /> {text}
      </Badge>
    )
  }
  return (
    <span className="inline-flex items-center gap-2" title={run.phase ?? undefined}>
      <Badge tone="info">
        <LoaderCircle aria-hidden className="animate-spin" /> {text}
      </Badge>
      <progress
        aria-label={text}
        value={run.progress}
        max={1}
        className="h-1.5 w-16 overflow-hidden rounded-full [&::-webkit-progress-bar]:bg-raised [&::-webkit-progress-value]:bg-accent"
      />
      <span className="num text-xs text-muted">{formatFraction(run.progress, 0)}</span>
    </span>
  )
}
