import { useTranslation } from 'react-i18next'
import { Card } from '../../../components/ui/card.tsx'
import { FIGURE_GROUPS, formatFigure, type FigureGroup, type FigureName, type Statistics } from './figures.ts'

/** Every figure, with the interval in which chance alone would leave it. */
export function AllFigures({ statistics }: { statistics: Statistics }) {
  const { t } = useTranslation()
  return (
    <Card title={t('result.figures')} description={t('result.figuresHint')}>
      <div className="gap-x-10 md:columns-2 2xl:columns-3">
        {(Object.keys(FIGURE_GROUPS) as FigureGroup[]).map((group) => (
          <section
            key={group}
            aria-label={t(`result.group.${group}`)}
            className="mb-6 min-w-0 break-inside-avoid"
          >
            <h3 className="text-xs font-semibold text-muted">{t(`result.group.${group}`)}</h3>
            <dl className="mt-1 divide-y text-sm">
              {FIGURE_GROUPS[group].map((name) => (
                <Line key={name} name={name} statistics={statistics} />
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Card>
  )
}

function Line({ name, statistics: { figures, intervals } }: { name: FigureName; statistics: Statistics }) {
  const { t } = useTranslation()
  const interval =
    intervals === null || !(name in intervals) ? null : intervals[name as keyof typeof intervals]
  return (
    <div className="flex flex-wrap justify-between gap-x-4 py-1.5">
      <dt className="text-muted">{t(`runFigure.${name}`)}</dt>
      <dd className="num text-right font-medium">
        {formatFigure(name, figures[name])}
        {interval !== null && (
          <span className="block text-xs font-normal text-muted">
            {t('result.interval', {
              low: formatFigure(name, interval.low),
              high: formatFigure(name, interval.high),
            })}
          </span>
        )}
      </dd>
    </div>
  )
}
