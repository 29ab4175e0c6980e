import { useTranslation } from 'react-i18next'
import { problemText, toProblem } from './errors.ts'
import { toastError, toastSuccess } from './toast.ts'

/** How a button's mutation ends: a word of success and fresh data, or the reason why not. */
export function useAction(done: string, refresh: () => unknown) {
  const { t } = useTranslation()
  return {
    onSuccess() {
      toastSuccess(done)
      void refresh()
    },
    onError(error: unknown) {
      const problem = toProblem(error)
      toastError(problemText(problem, t), { description: problem.message })
    },
  }
}
