import { systemClock } from '@quantdeck/domain'
import type { KillSwitchScope } from '@quantdeck/db'
import { randomUUID } from 'node:crypto'
import { hostname, userInfo } from 'node:os'
import { parseArgs } from 'node:util'
import { chooseDatabase } from './database-choice.ts'
import { EnvError, parseStorageEnv, type StorageEnv } from './env.ts'
import { storeStop } from './features/controls/store-stop.ts'
import { inWords } from './features/controls/effective-state.ts'
import { DrillFiles, type DrillReport } from './latch/drill-files.ts'
import type { LatchEntry, OnActivate, StoppedLevel } from './latch/latch-entry.ts'
import { latchFolderOf, LatchFolder } from './latch/latch-folder.ts'
import { assertCurrent, openExisting } from './rebuild-books.ts'

/** A server looks at the folder four times a second, and may have much to cancel. */
const NOTICED_MS = 2_000
const DONE_MS = 15_000
const DRILL_MS = 60_000

interface KillOptions {
  scope: string
  reason: string
  level: string
  'on-activate': string
  drill: boolean
  drills: boolean
  json: boolean
}

/**
 * `main.js kill ...`: what `quantdeck kill` starts. A stop is written to the disk before anything else is asked, so it needs
 * neither a server nor a database. @returns the exit code: 0 it is stopped, 1 it is not, or a drill failed
 */
export async function killCommand(args: readonly string[]): Promise<number> {
  const text = { type: 'string' as const }
  const flag = { type: 'boolean' as const }
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ scope: text, reason: text, level: text, 'on-activate': text },
      ...{ drill: flag, drills: flag, json: flag },
    },
  })
  const {
    scope = 'global',
    reason = '',
    level = 'halt',
    drill = false,
    drills = false,
    json = false,
  } = values
  const options = {
    scope,
    reason,
    level,
    drill,
    drills,
    json,
    'on-activate': values['on-activate'] ?? 'cancel_all',
  }
  try {
    const env = parseStorageEnv()
    if (drills) return await listDrills(env, options)
    return drill ? await askForDrill(env, options) : await stop(env, options)
  } catch (error) {
    console.error(error instanceof EnvError ? `quantdeck: ${error.message}` : error)
    return 1
  }
}

async function stop(env: StorageEnv, options: KillOptions): Promise<number> {
  const folder = new LatchFolder(latchFolderOf(env))
  const entry = entryOf(options)
  await folder.write(entry)
  const { scope, level } = entry
  const said = `Kill switch ${level === 'HALTED' ? 'activated' : 'set to reduce only'} ${inWords(scope)}`
  const [outcome, sentence] = await followed(env, folder, entry)
  if (options.json)
    console.log(JSON.stringify({ id: entry.id, scope, level, outcome, message: sentence }, null, 2))
  else if (outcome === 'unknown') console.error(`quantdeck: ${sentence}`)
  else console.log(`${said}. ${sentence}`)
  return outcome === 'unknown' ? 1 : 0
}

type Outcome = 'done' | 'stored' | 'latched' | 'unknown'

/** What has become of it: a running server takes it over; without one the database gets it from here. */
async function followed(env: StorageEnv, folder: LatchFolder, entry: LatchEntry): Promise<[Outcome, string]> {
  const noticed = await seen(folder, entry, (now) => now === null || now.storedAs !== null, NOTICED_MS)
  if (noticed) {
    const isDone = await seen(folder, entry, (now) => now === null || now.isDone, DONE_MS)
    if ((await find(folder, entry)) === null) return ['unknown', nobodyOf(entry.scope)]
    if (isDone) return ['done', `The server has stored it and ${CANCELLED[entry.onActivate]}.`]
    return ['stored', 'The server has stored it; its working orders are still being cancelled.']
  }
  return storeFromHere(env, folder, entry)
}

const CANCELLED: Record<OnActivate, string> = {
  none: 'left working orders alone',
  cancel_entries: 'cancelled the working entries',
  cancel_all: 'cancelled working orders, but the stops that protect a position',
  flatten: 'cancelled working orders; closing the positions is a step of its own',
}

async function storeFromHere(
  env: StorageEnv,
  folder: LatchFolder,
  entry: LatchEntry,
): Promise<[Outcome, string]> {
  const choice = chooseDatabase(env)
  const next =
    'It is on the disk: a server on this data directory stops within a second, and the next start begins with it.'
  try {
    const db = await openExisting(choice)
    try {
      await assertCurrent(db)
      const storedAs = await storeStop({ db, clock: systemClock }, entry)
      if (storedAs === null) {
        await folder.remove([entry.id])
        return ['unknown', nobodyOf(entry.scope)]
      }
      await folder.write({ ...entry, storedAs })
      return [
        'stored',
        `No server answered, so it was stored in the database from here: no server on it sends any more. ${next}`,
      ]
    } finally {
      await db.close()
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return ['latched', `${next} The database has not got it yet: ${why.replace(/[.;]$/, '')}.`]
  }
}

function nobodyOf(scope: KillSwitchScope): string {
  return `nothing was stopped: there is no ${scope.replace(':', ' ')}`
}

async function find(folder: LatchFolder, { id }: LatchEntry): Promise<LatchEntry | null> {
  return (await folder.read()).entries.find((one) => one.id === id) ?? null
}

async function seen(
  folder: LatchFolder,
  entry: LatchEntry,
  is: (now: LatchEntry | null) => boolean,
  ms: number,
): Promise<boolean> {
  return until(async () => is(await find(folder, entry)), ms)
}

async function until(check: () => Promise<boolean>, ms: number): Promise<boolean> {
  const end = performance.now() + ms
  for (;;) {
    if (await check()) return true
    if (performance.now() > end) return false
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

function entryOf({ scope, reason, level, 'on-activate': onActivate }: KillOptions): LatchEntry {
  return {
    id: randomUUID(),
    scope: scope as KillSwitchScope,
    level: LEVELS[level] ?? 'HALTED',
    cause: 'manual',
    reason,
    onActivate: onActivate as OnActivate,
    activatedAt: systemClock.now(),
    by: { label: who(), userId: null, apiKeyId: null, role: null, requestId: 'command-line', ip: null },
    storedAs: null,
    isDone: false,
  }
}

const LEVELS: Record<string, StoppedLevel> = { halt: 'HALTED', reduce: 'REDUCING' }

/** For the audit log: who sits at this machine. */
function who(): string {
  return `command line (${userInfo().username}@${hostname()})`
}

async function askForDrill(env: StorageEnv, { scope, json }: KillOptions): Promise<number> {
  const files = new DrillFiles(latchFolderOf(env))
  const id = randomUUID()
  await files.ask({
    id,
    strategyId: scope === 'global' ? null : scope.slice('strategy:'.length),
    askedBy: who(),
  })
  if (!(await until(() => files.isTaken(id), NOTICED_MS))) {
    await files.withdraw(id)
    throw new EnvError(`a drill needs a running server, and none took it in ${files.path}`)
  }
  await until(async () => (await files.find(id)) !== null, DRILL_MS)
  const report = await files.find(id)
  if (report === null) throw new EnvError('the server did not finish the drill: look at its log')
  console.log(json ? JSON.stringify(report, null, 2) : drillText(report))
  return report.passed ? 0 : 1
}

async function listDrills(env: StorageEnv, { json }: KillOptions): Promise<number> {
  const reports = await new DrillFiles(latchFolderOf(env)).list()
  if (json) console.log(JSON.stringify(reports, null, 2))
  else console.log(reports.length === 0 ? 'No drill was made yet.' : reports.map(drillText).join('\n\n'))
  return 0
}

function drillText({
  started_at: at,
  asked_by: by,
  strategies,
  orders,
  seconds,
  after,
  passed,
  note,
}: DrillReport): string {
  const s = (value: number | null) => (value === null ? '-' : `${value.toFixed(3)} s`)
  return [
    `Drill of ${at} by ${by}: ${passed ? 'passed' : 'FAILED'}`,
    ...(note === '' ? [] : [`  ${note}`]),
    `  strategies          ${strategies.join(', ') || 'none'}`,
    `  on the disk after   ${s(seconds.on_disk)}`,
    `  stored after        ${s(seconds.stored)}`,
    `  first cancel after  ${s(seconds.first_cancel)}`,
    `  last cancel after   ${s(seconds.last_cancel)} (${orders.ended} of ${orders.working} working orders)`,
    `  orders afterwards   ${after.refused} of ${after.given} refused`,
  ].join('\n')
}
