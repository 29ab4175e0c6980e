import type { Json } from '../../lib/differences.ts'

export type ConfigValue = Json
export type Config = { [key: string]: ConfigValue }

/** How a value is edited; what is none of these is shown as JSON text. */
export type Editor = 'decimal' | 'number' | 'flag' | 'tags' | 'text' | 'group' | 'json'

const DECIMAL = /^-?\d+(\.\d+)?$/

/** A decimal string stays a string: its places are the strategy's own. */
export function editorOf(value: ConfigValue): Editor {
  if (typeof value === 'number') return 'number'
  if (typeof value === 'boolean') return 'flag'
  if (typeof value === 'string') return DECIMAL.test(value) ? 'decimal' : 'text'
  if (Array.isArray(value)) return value.every((item) => typeof item === 'string') ? 'tags' : 'json'
  return value === null ? 'json' : 'group'
}

/** What somebody typed for a field, as the value it stands for; undefined when it stands for none. */
export function readTyped(editor: Editor, text: string): ConfigValue | undefined {
  const trimmed = text.trim()
  if (editor === 'text') return text
  if (editor === 'tags')
    return trimmed === ''
      ? []
      : trimmed
          .split(/[,\n]+/)
          .map((part) => part.trim())
          .filter(Boolean)
  if (editor === 'decimal' || editor === 'number') {
    // A comma is a decimal point where people write it so; the stored value stays canonical.
    const canonical = trimmed.replace(',', '.')
    if (!DECIMAL.test(canonical)) return undefined
    return editor === 'decimal' ? canonical : Number(canonical)
  }
  try {
    return JSON.parse(trimmed) as ConfigValue
  } catch {
    return undefined
  }
}

export function showTyped(value: ConfigValue): string {
  if (typeof value === 'string') return value
  if (editorOf(value) === 'tags') return (value as string[]).join(', ')
  return JSON.stringify(value)
}

/** The configuration with one value changed, or taken out when it is undefined. */
export function withValue(config: Config, path: readonly string[], value: ConfigValue | undefined): Config {
  const [key, ...rest] = path
  if (key === undefined) return config
  const others = Object.entries(config).filter(
    ([name]) => name !== key || value !== undefined || rest.length > 0,
  )
  const inner = config[key]
  const changed = rest.length === 0 ? value : withValue(isGroup(inner) ? inner : {}, rest, value)
  return Object.fromEntries(
    Object.hasOwn(config, key)
      ? others.map(([name, old]) => [name, name === key ? (changed as ConfigValue) : old])
      : changed === undefined
        ? others
        : [...others, [key, changed]],
  )
}

function isGroup(value: ConfigValue | undefined): value is Config {
  return value !== undefined && editorOf(value) === 'group'
}

/** The merge patch (RFC 7396) between two configurations: what went away is null. */
export function configPatch(before: Config, after: Config): Config {
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key))
  const changed = Object.entries(after).filter(
    ([key, value]) => JSON.stringify(before[key]) !== JSON.stringify(value),
  )
  return Object.fromEntries([
    ...gone.map((key) => [key, null] as const),
    ...changed.map(([key, value]) => {
      const old = before[key]
      return [key, isGroup(old) && isGroup(value) ? configPatch(old, value) : value] as const
    }),
  ])
}
