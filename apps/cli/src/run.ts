import type { Invocation } from './args.ts'
import { COMMANDS, type CommandName } from './commands.ts'
import { exportAudit, showAuditHead, verifyAudit } from './commands/audit.ts'
import { rebuildBooks } from './commands/books-rebuild.ts'
import { checkContract } from './commands/contract-check.ts'
import { clearDemo } from './commands/demo-clear.ts'
import { helpText } from './commands/help.ts'
import { importBars } from './commands/import-bars.ts'
import { killTrading } from './commands/kill.ts'
import { showLogins } from './commands/logins.ts'
import { showStatus } from './commands/status.ts'
import { readEnv } from './env.ts'
import { CliError, UsageError } from './errors.ts'
import { version } from './version.ts'

const HANDLERS: Record<CommandName, (invocation: Invocation) => Promise<number> | number> = {
  status: showStatus,
  'import bars': importBars,
  logins: showLogins,
  'contract-check': checkContract,
  'demo clear': clearDemo,
  'books rebuild': rebuildBooks,
  kill: killTrading,
  'audit head': showAuditHead,
  'audit export': exportAudit,
  'audit verify': verifyAudit,
  help: () => print(helpText()),
}

/** Runs one command line. @returns the exit code: 0 done, 1 failed, 2 not understood */
export async function run(argv: readonly string[], { nowMs }: { nowMs: number }): Promise<number> {
  try {
    if (argv.length === 0 || argv.includes('--help') || argv.includes('-h')) return print(helpText())
    if (argv[0] === '--version' || argv[0] === '-V') return print(version())
    const name = COMMANDS.map((command) => command.name).find((words) => startsWith(argv, words))
    if (name === undefined) throw new UsageError(`there is no command "${argv.slice(0, 2).join(' ')}"`)
    const args = argv.slice(name.split(' ').length)
    return await HANDLERS[name]({ args, env: readEnv(), nowMs })
  } catch (error) {
    return report(error)
  }
}

function startsWith(argv: readonly string[], words: string): boolean {
  return words.split(' ').every((word, index) => argv[index] === word)
}

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return 0
}

function report(error: unknown): number {
  if (error instanceof CliError) {
    const hint = error instanceof UsageError ? ' (see quantdeck help)' : ''
    process.stderr.write(`quantdeck: ${error.message}${hint}\n`)
    return error instanceof UsageError ? 2 : 1
  }
  process.stderr.write(
    `quantdeck: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  return 1
}
