import { useTranslation } from 'react-i18next'
import { differences, type Json } from '../lib/differences.ts'

/** Before and after, field by field: what was is struck through, what is now is marked. */
export function Changes({ before, after }: { before: Json; after: Json }) {
  const { t } = useTranslation()
  const changes = differences(before, after)
  if (changes.length === 0) return <p className="text-sm text-muted">{t('audit.noChange')}</p>
  return (
    <table className="w-full text-sm">
      <caption className="sr-only">{t('audit.changes')}</caption>
      <thead className="text-left text-xs text-muted">
        <tr>
          <th scope="col" className="py-1 pr-4 font-medium">
            {t('audit.fieldName')}
          </th>
          <th scope="col" className="py-1 pr-4 font-medium">
            {t('audit.before')}
          </th>
          <th scope="col" className="py-1 font-medium">
            {t('audit.after')}
          </th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ path, before: old, after: now }) => (
          <tr key={path} className="align-top">
            <th scope="row" className="py-1 pr-4 text-left font-normal break-all">
              <code className="text-xs">{path}</code>
            </th>
            <td className="py-1 pr-4 break-all text-muted">
              {old === undefined ? '–' : <del>{show(old)}</del>}
            </td>
            <td className="py-1 font-medium break-all">
              {now === undefined ? '–' : <ins className="no-underline">{show(now)}</ins>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function show(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
