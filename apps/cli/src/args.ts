import { parseArgs, type ParseArgsConfig } from 'node:util'
import type { CliEnv } from './env.ts'
import { UsageError } from './errors.ts'

/** What every command gets. */
export interface Invocation {
  /** Arguments after the command's name. */
  args: string[]
  env: CliEnv
  nowMs: number
}

/** node:util's parseArgs, with its complaints as usage errors. */
export function readArgs<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config)
  } catch (error) {
    const [sentence = 'bad arguments'] = (error instanceof Error ? error.message : String(error)).split('. ')
    throw new UsageError(sentence.charAt(0).toLowerCase() + sentence.slice(1), { cause: error })
  }
}
