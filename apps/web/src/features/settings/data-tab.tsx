import { Download } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import { Copyable } from '../../components/copyable.tsx'
import { problemText, toProblem } from '../../lib/errors.ts'
import { saveFile } from '../../lib/save-file.ts'
import { useUser } from '../../lib/session.ts'
import { toastError } from '../../lib/toast.ts'
import { trpc } from '../../lib/trpc.ts'
import { useDemo } from '../../shell/use-demo.ts'

const LISTS = ['positions', 'orders', 'trades', 'signals', 'alerts', 'audit'] as const

type List = (typeof LISTS)[number]

/** Everything that is yours to take away, and the way out of the demo. */
export function DataTab() {
  const { t } = useTranslation()
  const isDemo = useDemo()
  const isAdmin = useUser()?.role === 'admin'
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <Card title={t('exports.title')} description={t('exports.text')}>
        <ul className="divide-y">
          {LISTS.filter((list) => list !== 'audit' || isAdmin).map((list) => (
            <li key={list} className="flex items-center justify-between gap-4 py-2 text-sm">
              {t(`exports.list.${list}`)}
              <ExportButton list={list} />
            </li>
          ))}
        </ul>
      </Card>
      <Card title={t('about.data')} description={isDemo ? t('exports.isDemo') : t('exports.isOwn')}>
        <p className="mb-3 text-sm text-muted">{t('about.dataText')}</p>
        <Copyable
          label={isDemo ? t('exports.leave') : t('exports.enter')}
          text={isDemo ? 'npm run quantdeck -- demo clear' : 'DEMO=on npm start'}
        />
      </Card>
    </div>
  )
}

function ExportButton({ list }: { list: List }) {
  const { t } = useTranslation()
  const { client } = trpc.useUtils()
  const [pending, setPending] = useState(false)
  async function save(): Promise<void> {
    setPending(true)
    try {
      saveFile(`quantdeck-${list}.csv`, await client.deck.exports[list].query({}), 'text/csv;charset=utf-8')
    } catch (error) {
      toastError(problemText(toProblem(error), t))
    } finally {
      setPending(false)
    }
  }
  return (
    <Button
      size="sm"
      pending={pending}
      aria-label={t('exports.save', { list: t(`exports.list.${list}`) })}
      onClick={() => void save()}
    >
      {!pending && <Download aria-hidden className="size-3.5" />} CSV
    </Button>
  )
}
