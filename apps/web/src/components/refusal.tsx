import { useTranslation } from 'react-i18next'
import { problemText, toProblem } from '../lib/errors.ts'
import { Alert } from './ui/alert.tsx'

/** Why the server did not do it: the code in the reader's language, then the server's own sentences, each once. */
export function Refusal({ error }: { error: unknown }) {
  const { t } = useTranslation()
  const problem = toProblem(error)
  const text = problemText(problem, t)
  const own = new Set([problem.message, ...problem.details.map(({ message }) => message)])
  own.delete(text)
  return (
    <Alert>
      {text} <span lang="en">{[...own].join(' ')}</span>
    </Alert>
  )
}
