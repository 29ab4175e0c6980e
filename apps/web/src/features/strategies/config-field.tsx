import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Checkbox } from '../../components/ui/checkbox.tsx'
import { TextField } from '../../components/ui/field.tsx'
import { type ConfigValue, editorOf, type Editor, readTyped, showTyped } from './config-draft.ts'
import { readKey } from './config-list.tsx'

interface ConfigFieldProps {
  path: readonly string[]
  value: ConfigValue
  onChange: (path: readonly string[], value: ConfigValue) => void
  /** True while what is typed is no value. */
  onBroken: (path: readonly string[], broken: boolean) => void
  action?: ReactNode
}

/** One value of a configuration in the editor that fits what it is. */
export function ConfigField({ path, value, onChange, onBroken, action }: ConfigFieldProps) {
  const key = path.at(-1) ?? ''
  const { label, unit } = readKey(key)
  // What a value was when the form opened decides how it is edited, not what it is in the middle of a word.
  const [editor] = useState<Editor>(() => editorOf(value))
  if (editor === 'flag') {
    return (
      <Line action={action}>
        <Checkbox
          label={label}
          checked={value === true}
          onChange={(event) => onChange(path, event.target.checked)}
        />
      </Line>
    )
  }
  if (editor === 'group' && typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return (
      <fieldset className="space-y-3 rounded-lg border p-3">
        <legend className="flex items-center gap-2 px-1 text-sm font-medium">
          {label} {action}
        </legend>
        {Object.entries(value).map(([name, inner]) => (
          <ConfigField
            key={name}
            path={[...path, name]}
            value={inner}
            onChange={onChange}
            onBroken={onBroken}
          />
        ))}
      </fieldset>
    )
  }
  return (
    <Line action={action}>
      <TypedField {...{ path, value, editor, label, unit, onChange, onBroken }} />
    </Line>
  )
}

function Line({ action, children }: { action: ReactNode; children: ReactNode }) {
  return (
    <div className="flex items-start gap-2">
      <div className="min-w-0 flex-1">{children}</div>
      {action}
    </div>
  )
}

interface TypedFieldProps extends Omit<ConfigFieldProps, 'action'> {
  editor: Editor
  label: string
  unit: string
}

function TypedField({ path, value, editor, label, unit, onChange, onBroken }: TypedFieldProps) {
  const { t } = useTranslation()
  const [text, setText] = useState(() => showTyped(value))
  const [broken, setBroken] = useState(false)
  const type = (next: string) => {
    setText(next)
    const read = readTyped(editor, next)
    setBroken(read === undefined)
    onBroken(path, read === undefined)
    if (read !== undefined) onChange(path, read)
  }
  return (
    <TextField
      label={label}
      value={text}
      inputMode={editor === 'decimal' || editor === 'number' ? 'decimal' : 'text'}
      spellCheck={false}
      hint={editor === 'tags' ? t('strategies.tagsHint') : undefined}
      error={broken ? t(editor === 'json' ? 'strategies.badJson' : 'strategies.badNumber') : undefined}
      suffix={unit === '' ? undefined : <span className="pr-2">{unit.trim()}</span>}
      onChange={(event) => type(event.target.value)}
    />
  )
}
