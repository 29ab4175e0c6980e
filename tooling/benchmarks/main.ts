// `pnpm bench [suite...] [--rounds N]`: runs the suites, prints a table of each comparison and writes all of it as JSON.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { type BudgetResult, renderBudget, runBudget } from './budget.ts'
import { describeMachine } from './machine.ts'
import { runComparison, type ComparisonResult } from './run-comparison.ts'
import { MissingTool, type Suite } from './suite.ts'
import { renderComparison } from './table.ts'

const SUITES = join(import.meta.dirname, 'suites')
const RESULTS = join(import.meta.dirname, 'results')

interface SuiteResult {
  suite: string
  comparisons: ComparisonResult[]
  budgets: BudgetResult[]
  notes: readonly string[]
  /** Why it, or the comparison named first, did not run. */
  skipped: string[]
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: 'string' } },
  })
  const known = listSuites()
  const unknown = positionals.filter((name) => !known.includes(name))
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds)
  if (unknown.length > 0 || Number.isNaN(rounds)) {
    console.error(`Usage: pnpm bench [--rounds N] [${known.join('] [')}]`)
    return 2
  }
  const machine = describeMachine()
  console.log(
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, ${machine.platform}, load ${machine.load}`,
  )
  const suites: SuiteResult[] = []
  for (const name of positionals.length > 0 ? positionals : known) suites.push(await runSuite(name, rounds))
  const file = writeResults({ machine, suites })
  console.log(`\nWritten to ${relative(process.cwd(), file)}`)
  const skipped = suites.filter((suite) => suite.skipped.length > 0).map(({ suite }) => suite)
  if (skipped.length > 0) console.warn(`SKIPPED, wholly or in part: ${skipped.join(', ')} (reasons above)`)
  return 0
}

function listSuites(): string[] {
  return readdirSync(SUITES)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort()
}

async function runSuite(name: string, rounds: number | undefined): Promise<SuiteResult> {
  const { suite } = (await import(join(SUITES, `${name}.ts`))) as { suite: Suite }
  console.log(`\n=== ${name}: ${suite.title}`)
  const result: SuiteResult = { suite: name, comparisons: [], budgets: [], notes: [], skipped: [] }
  await orSkip(result, name, async () => {
    const open = await suite.open()
    result.notes = open.notes ?? []
    try {
      for (const comparison of open.comparisons) {
        await orSkip(result, `${name}: ${comparison.title}`, async () => {
          const compared = await runComparison(comparison, { rounds, onRound: showProgress })
          result.comparisons.push(compared)
          console.log(`\n${renderComparison(compared)}`)
        })
      }
      for (const budget of open.budgets ?? []) {
        await orSkip(result, `${name}: ${budget.title}`, async () => {
          const measured = await runBudget(budget)
          result.budgets.push(measured)
          console.log(renderBudget(measured))
        })
      }
    } finally {
      await open.close?.()
    }
  })
  for (const note of result.notes) console.log(`  ${note}`)
  return result
}

/** Only what is not on this machine may be left out; anything else that fails is a defect of the suite. */
async function orSkip(result: SuiteResult, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof MissingTool)) throw error
    result.skipped.push(`${what}: ${error.message}`)
    console.warn(`\nSKIPPED ${what}: ${error.message}`)
  }
}

function showProgress(done: number, of: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r  round ${done} of ${of} ${done === of ? '\n' : ''}`)
}

/** One file per run, and the same as `latest.json`. */
function writeResults(results: { machine: { at: string }; suites: SuiteResult[] }): string {
  mkdirSync(RESULTS, { recursive: true })
  const text = `${JSON.stringify(results, null, 2)}\n`
  const file = join(RESULTS, `${results.machine.at.replaceAll(':', '-')}.json`)
  writeFileSync(file, text)
  writeFileSync(join(RESULTS, 'latest.json'), text)
  return file
}

process.exitCode = await main()
