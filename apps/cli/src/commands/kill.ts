import { type Invocation, readArgs } from '../args.ts'
import { UsageError } from '../errors.ts'
import { runServerProgram } from '../server-program.ts'

const LEVELS = ['halt', 'reduce']
const ON_ACTIVATE = ['none', 'cancel_entries', 'cancel_all', 'flatten']
const SCOPE = /^(?:global|strategy:\S+|symbol:\S.*)$/

/** Stops trading by a file that a server notices within a second and the next start finds: it needs neither a server nor a login. */
export async function killTrading({ args }: Invocation): Promise<number> {
  const text = { type: 'string' as const }
  const flag = { type: 'boolean' as const }
  const { values } = readArgs({
    args,
    options: {
      ...{ scope: text, reason: text, level: text, 'on-activate': text },
      ...{ drill: flag, drills: flag, json: flag },
    },
  })
  const json = values.json ? ['--json'] : []
  if (values.drills) return runServerProgram('kill', ['--drills', ...json])
  const scope = values.scope ?? 'global'
  if (!SCOPE.test(scope)) throw new UsageError(`--scope ${scope} is neither global, strategy:ID nor symbol:S`)
  if (values.drill) {
    if (scope.startsWith('symbol:'))
      throw new UsageError('a drill stops strategies: --scope strategy:ID, or none')
    return runServerProgram('kill', ['--drill', `--scope=${scope}`, ...json])
  }
  const reason = values.reason?.trim() ?? ''
  if (reason === '' || reason.length > 500)
    throw new UsageError('kill needs a --reason of at most 500 characters')
  const level = oneOf('--level', values.level ?? 'halt', LEVELS)
  const onActivate = oneOf('--on-activate', values['on-activate'] ?? 'cancel_all', ON_ACTIVATE)
  const stop = [`--scope=${scope}`, `--reason=${reason}`, `--level=${level}`, `--on-activate=${onActivate}`]
  return runServerProgram('kill', [...stop, ...json])
}

function oneOf(option: string, value: string, allowed: readonly string[]): string {
  if (allowed.includes(value)) return value
  throw new UsageError(`${option} ${value} is none of ${allowed.join(', ')}`)
}
