import { deck } from '@quantdeck/contracts'
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Invocation, readArgs } from '../args.ts'
import { ChainError, type ChainReport, parseHead, type TrustedHead } from '../audit/verify-chain.ts'
import { verifyExport } from '../audit/verify-export.ts'
import { Client } from '../client.ts'
import { CliError, UsageError } from '../errors.ts'

const REMOTE = { url: { type: 'string' }, key: { type: 'string' } } as const

/** Prints `HASH:SEQUENCE`: keep it where nobody who can reach the server can change it. */
export async function showAuditHead({ args, env }: Invocation): Promise<number> {
  const { values } = readArgs({ args, options: { ...REMOTE, json: { type: 'boolean' } } })
  const { data } = await new Client(values, env).call(deck.audit.head, {})
  process.stdout.write(values.json === true ? `${JSON.stringify(data, null, 2)}\n` : `${data.head}\n`)
  return 0
}

/** Writes the log to a file, which appears under its name only when it is whole. */
export async function exportAudit({ args, env }: Invocation): Promise<number> {
  const { values, positionals } = readArgs({
    args,
    options: {
      ...REMOTE,
      actor: { type: 'string' },
      action: { type: 'string' },
      entity: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
    },
    allowPositionals: true,
  })
  const [file] = positionals
  if (file === undefined || positionals.length > 1) throw new UsageError('audit export takes one FILE')
  const { actor, action, entity, from, to } = values
  const filter = defined({ actor, action, entity, from_date: from, to_date: to })
  const body = await new Client(values, env).download(deck.audit.export, filter)
  const path = resolve(env.directory, file)
  const partial = `${path}.part`
  try {
    await pipeline(Readable.fromWeb(body), createWriteStream(partial, { mode: 0o600 }))
    await rename(partial, path)
  } catch (error) {
    await rm(partial, { force: true })
    throw new CliError(`the export broke off: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
  process.stdout.write(`${path}\n`)
  return 0
}

function defined(filter: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(filter).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

/** Works without a server, on any machine. @returns 0 only if every entry holds */
export async function verifyAudit({ args, env }: Invocation): Promise<number> {
  const { values, positionals } = readArgs({
    args,
    options: { head: { type: 'string' }, json: { type: 'boolean' } },
    allowPositionals: true,
  })
  const [file] = positionals
  if (file === undefined || positionals.length > 1) throw new UsageError('audit verify takes one FILE')
  const trusted = values.head === undefined ? null : parseHead(values.head)
  if (values.head !== undefined && trusted === null) {
    throw new UsageError('--head must be HASH:SEQUENCE as quantdeck audit head prints it')
  }
  try {
    const report = await verifyExport(createReadStream(resolve(env.directory, file)), trusted)
    process.stdout.write(values.json === true ? `${JSON.stringify(report)}\n` : `${words(report, trusted)}\n`)
    return 0
  } catch (error) {
    if (error instanceof ChainError) throw new CliError(`${file}, ${error.message}`, { cause: error })
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    const why = code === 'ENOENT' ? 'there is no such file' : code
    throw new CliError(`${file} cannot be read: ${why}`, { cause: error })
  }
}

function words(
  { sealedCount, unsealedCount, unprovenCount, head }: ChainReport,
  trusted: TrustedHead | null,
): string {
  const lines = [`${sealedCount} sealed entries, each as it was written and in its place`]
  if (trusted === null) {
    lines.push(
      'nothing proves that the whole chain was not written anew: keep a head (quantdeck audit head) and give it with --head',
    )
  } else {
    lines.push(`proven by the trusted head up to entry ${trusted.sequence}`)
    if (unprovenCount > 0) lines.push(`${unprovenCount} later entries are consistent, and not proven by it`)
  }
  if (unsealedCount > 0)
    lines.push(`${unsealedCount} entries at the end are not sealed yet: nothing proves them`)
  if (head !== null) lines.push(`head ${head.hash}:${head.sequence}`)
  return lines.join('\n')
}
