import { useTranslation } from 'react-i18next'
import type { Outputs } from '../../lib/app-router.ts'
import { formatFraction, formatNumber } from '../../lib/format.ts'

type Bin = Outputs['deck']['models']['get']['data']['bins'][number]

/** Both distributions side by side: a table whose cells are bars with their numbers. */
export function ActionBins({ bins }: { bins: readonly Bin[] }) {
  const { t } = useTranslation()
  const most = Math.max(0.01, ...bins.flatMap(({ current, baseline }) => [current, baseline]))
  const heads = [t('models.action'), t('models.current'), t('models.reference')]
  return (
    <table className="w-full text-xs">
      <caption className="sr-only">{t('models.actions')}</caption>
      <thead>
        <tr className="text-muted">
          {heads.map((head) => (
            <th key={head} scope="col" className="py-1 pr-3 text-left font-medium">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {bins.map((bin) => (
          <tr key={bin.from}>
            <th
              scope="row"
              className="num w-0 py-0.5 pr-3 text-left font-medium whitespace-nowrap text-muted"
            >
              {formatNumber(bin.from, 1)} – {formatNumber(bin.to, 1)}
            </th>
            <Share share={bin.current} most={most} className="bg-accent" />
            <Share share={bin.baseline} most={most} className="bg-line-strong" />
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Share({ share, most, className }: { share: number; most: number; className: string }) {
  return (
    <td className="w-1/2 py-0.5 pr-3">
      <span className="flex items-center gap-2">
        <span className="relative h-3.5 flex-1">
          <span
            className={`absolute inset-y-0 left-0 rounded-sm ${className}`}
            style={{ width: `${(share / most) * 100}%` }}
          />
        </span>
        <span className="num w-12 text-right">{formatFraction(share, 1)}</span>
      </span>
    </td>
  )
}
