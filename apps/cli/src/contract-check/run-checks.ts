import { type Check, CheckFailure, type CheckResult, CheckSkip, type Need } from './check.ts'
import { CHECKS } from './checks.ts'
import { Target, type TargetOptions } from './target.ts'

export interface RunOptions extends TargetOptions {
  /** A family, an id or its beginning (`v1.orders`); null: everything. */
  readonly only: string | null
  /** Called with each result, in the order in which they come. */
  readonly onResult?: (result: CheckResult) => void
}

/**
 * Checks a server against both documents. The stream, which waits for heartbeats, is checked beside the rest.
 * @returns one result per check, in the order of `CHECKS`
 * @throws {CliError} when nobody answers at all
 */
export async function runChecks({ only, onResult, ...options }: RunOptions): Promise<CheckResult[]> {
  const target = new Target(options)
  const chosen = chooseChecks(only)
  const results = new Map<string, CheckResult>()
  const runAll = async (checks: readonly Check[]) => {
    for (const check of checks) {
      const result = await runOne(check, target)
      results.set(check.id, result)
      onResult?.(result)
    }
  }
  try {
    await target.reach()
    await Promise.all([
      runAll(chosen.filter(({ family }) => family !== 'stream')),
      runAll(chosen.filter(({ family }) => family === 'stream')),
    ])
  } finally {
    target.close()
  }
  return chosen.flatMap(({ id }) => results.get(id) ?? [])
}

/** The checks that `only` names, in the order of the report. */
export function chooseChecks(only: string | null): readonly Check[] {
  return CHECKS.filter(({ id }) => only === null || id === only || id.startsWith(`${only}.`))
}

async function runOne(check: Check, target: Target): Promise<CheckResult> {
  const { id, title } = check
  const reason = (check.needs ?? []).map((need) => whyNot(need, target.options)).find((text) => text !== null)
  if (reason !== undefined) return { id, title, status: 'skipped', reason }
  try {
    await check.run(target)
    return { id, title, status: 'ok' }
  } catch (error) {
    if (error instanceof CheckSkip) return { id, title, status: 'skipped', reason: error.message }
    if (!(error instanceof CheckFailure)) throw error
    const { expected, seen } = error
    return { id, title, status: 'failed', expected, seen }
  }
}

function whyNot(need: Need, { credentials, allowWrites, fast }: TargetOptions): string | null {
  switch (need) {
    case 'login':
      return credentials === null ? 'needs --email and --password' : null
    case 'writes':
      return allowWrites ? null : 'changes something on the server: --allow-writes'
    case 'time':
      return fast ? 'takes half a minute: without --fast' : null
  }
}
