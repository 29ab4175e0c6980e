import {
  AUDIT_OPTIONS,
  CHECK_OPTIONS,
  COMMANDS,
  COMMON_OPTIONS,
  IMPORT_OPTIONS,
  KILL_OPTIONS,
} from '../commands.ts'

export function helpText(): string {
  return [
    'quantdeck: the command line of a Quantdeck server',
    '',
    ...table(COMMANDS.map(({ usage, summary }) => [usage, summary])),
    '',
    'Options of import bars:',
    ...table(IMPORT_OPTIONS),
    '',
    'Options of contract-check:',
    ...table(CHECK_OPTIONS),
    '',
    'Options of kill:',
    ...table(KILL_OPTIONS),
    '',
    'Options of audit:',
    ...table(AUDIT_OPTIONS),
    '',
    'Options of all:',
    ...table(COMMON_OPTIONS),
    '',
    'Exit codes: 0 done, 1 failed, 2 not understood.',
  ].join('\n')
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)
}
