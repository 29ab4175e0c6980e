import { useForm, type DefaultValues, type FieldErrors, type FieldValues, type Path } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import type { TFunction } from 'i18next'
import type * as z from 'zod'

/** Of a zod issue, what a sentence about it can need. */
type Issue = z.core.$ZodIssue

/**
 * A form over an operation's own input schema: what the page refuses is exactly what the server would refuse.
 * Empty fields count as not given. `read` turns what was typed into the operation's input where they differ.
 */
export function useContractForm<Values extends FieldValues, Input>(
  schema: z.ZodType<Input>,
  defaultValues: DefaultValues<Values>,
  read: (values: Values) => unknown = (values) => values,
) {
  const { t } = useTranslation()
  const form = useForm<Values>({
    defaultValues,
    shouldFocusError: true,
    resolver(values) {
      const parsed = schema.safeParse(given(read(values)))
      return parsed.success
        ? { values, errors: {} }
        : { values: {}, errors: fieldErrors<Values>(parsed.error.issues, t) }
    },
  })
  return {
    ...form,
    /** Calls `send` with the input once it is what the operation takes. */
    submit: (send: (input: Input) => void) =>
      form.handleSubmit((values) => send(schema.parse(given(read(values))))),
    errorOf: (field: Path<Values>) => form.getFieldState(field, form.formState).error?.message,
  }
}

/** Without what was left empty. */
function given(values: unknown): unknown {
  if (typeof values !== 'object' || values === null) return values
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '' && value !== undefined))
}

function fieldErrors<Values extends FieldValues>(issues: readonly Issue[], t: TFunction) {
  const errors: Record<string, { type: string; message: string }> = {}
  for (const issue of issues) {
    const field = String(issue.path[0] ?? 'root')
    errors[field] ??= { type: issue.code, message: issueText(issue, t) }
  }
  return errors as FieldErrors<Values>
}

/** The commonest refusals in the reader's language; the rest keeps the schema's own English sentence. */
export function issueText(issue: Issue, t: TFunction): string {
  if (issue.code === 'invalid_type') return t('form.required')
  if (issue.code === 'too_small') {
    if (issue.origin === 'array') return t('form.chooseOne')
    return issue.origin === 'string'
      ? issue.minimum === 1
        ? t('form.required')
        : t('form.tooShort', { count: Number(issue.minimum) })
      : t('form.tooLow', { value: String(issue.minimum) })
  }
  if (issue.code === 'too_big') {
    return issue.origin === 'string'
      ? t('form.tooLong', { count: Number(issue.maximum) })
      : t('form.tooHigh', { value: String(issue.maximum) })
  }
  return issue.message
}
