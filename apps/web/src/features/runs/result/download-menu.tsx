import { Download } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/ui/button.tsx'
import { Menu, MenuItem } from '../../../components/ui/menu.tsx'
import { problemText, toProblem } from '../../../lib/errors.ts'
import { saveFile } from '../../../lib/save-file.ts'
import { toastError } from '../../../lib/toast.ts'
import { trpc } from '../../../lib/trpc.ts'
import type { RunDetail } from '../run-page.tsx'

const TYPES = { html: 'text/html', csv: 'text/csv', json: 'application/json' } as const

/** The result as files that need no server: the report for people, the rest for programs. */
export function DownloadMenu({ run }: { run: RunDetail }) {
  const { t } = useTranslation()
  const { client } = trpc.useUtils()
  const [pending, setPending] = useState(false)
  const input = { run_id: run.run_id }
  const { runs } = client.deck
  const inWords = (value: unknown) => JSON.stringify(value, null, 2)
  const files = [
    ['report.html', t('result.file.report'), () => runs.report.query(input)],
    ['trades.csv', t('result.file.tradesCsv'), () => runs.tradesCsv.query(input)],
    ['equity.csv', t('result.file.equityCsv'), () => runs.equityCsv.query(input)],
    ['trades.json', t('result.file.tradesJson'), async () => inWords(await runs.tradesJson.query(input))],
    ['equity.json', t('result.file.equityJson'), async () => inWords(await runs.equityJson.query(input))],
  ] as const
  async function save(name: string, load: () => Promise<string>): Promise<void> {
    setPending(true)
    try {
      const ending = name.split('.').at(-1) as keyof typeof TYPES
      saveFile(`${run.strategy_id}-${run.run_id.slice(0, 8)}-${name}`, await load(), TYPES[ending])
    } catch (error) {
      toastError(problemText(toProblem(error), t))
    } finally {
      setPending(false)
    }
  }
  return (
    <Menu
      trigger={
        <Button size="sm" pending={pending}>
          {!pending && <Download aria-hidden className="size-3.5" />} {t('result.download')}
        </Button>
      }
    >
      {files.map(([name, text, load]) => (
        <MenuItem key={name} onSelect={() => void save(name, load)}>
          {text}
        </MenuItem>
      ))}
    </Menu>
  )
}
