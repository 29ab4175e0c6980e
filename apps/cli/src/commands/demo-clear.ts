import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CliError } from '../errors.ts'
import { type Invocation, readArgs } from '../args.ts'

/** Leaves a note for the next start. The demo's database stays: nothing of an append-only log is deleted. */
export function clearDemo({ args, env }: Invocation): number {
  readArgs({ args, options: {} })
  if (!existsSync(env.dataDir)) {
    throw new CliError(
      `there is no ${env.dataDir}: start the server once, or set DATA_DIR to where it keeps its data`,
    )
  }
  writeFileSync(join(env.dataDir, 'active'), 'main\n')
  process.stdout.write(
    `The next start uses ${join(env.dataDir, 'main')}, which begins empty. The demo stays in ${join(env.dataDir, 'demo')}: DEMO=on shows it again.\n`,
  )
  return 0
}
