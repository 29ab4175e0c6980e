import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { collect, tests } from './collected-tests.mjs'

const TESTS = ['src/**/*.test.ts', 'test/*.test.ts']

/** Names of the tests by the time they took, in Stryker's copy of the package: a process that is restarted knows it too. */
const ORDER = 'test-order.json'

/** What Stryker's instrumented files read and write. */
const stryker = (globalThis.__stryker__ ??= {})

/**
 * Runs the tests that reach a mutant in the process that holds them already: a mutant takes milliseconds, where a run of
 * vitest for each took two seconds. https://stryker-mutator.io/docs/mutation-testing-elements/test-runner-plugins
 */
class InProcessRunner {
  capabilities() {
    return { reloadEnvironment: false }
  }

  /** Not before the first run: a mutant of what a module does when it is loaded is active by then, in a process of its own. */
  async load() {
    if (tests.length > 0) return
    process.env.PROPERTY_RUNS ??= '60'
    process.env.DRIFT_REPEATS ??= '1'
    for (const path of globSync(TESTS).toSorted()) await collect(resolve(path))
    if (existsSync(ORDER)) quickFirst(JSON.parse(readFileSync(ORDER, 'utf8')))
  }

  async dryRun() {
    await this.load()
    const results = []
    for (const one of tests) {
      stryker.currentTestId = one.id
      const startedAt = performance.now()
      const failure = await failureOf(one)
      results.push({
        id: one.id,
        name: one.id,
        timeSpentMs: performance.now() - startedAt,
        ...(failure === null ? { status: 0 } : { status: 1, failureMessage: failure }),
      })
    }
    stryker.currentTestId = undefined
    const order = results.toSorted((a, b) => a.timeSpentMs - b.timeSpentMs).map(({ id }) => id)
    writeFileSync(ORDER, JSON.stringify(order))
    quickFirst(order)
    return { status: 'complete', tests: results, mutantCoverage: stryker.mutantCoverage }
  }

  async mutantRun({ activeMutant, testFilter, hitLimit }) {
    Object.assign(stryker, {
      activeMutant: activeMutant.id,
      hitCount: hitLimit === undefined ? undefined : 0,
      hitLimit,
    })
    const wanted = testFilter ? new Set(testFilter) : null
    let nrOfTests = 0
    try {
      const cannotLoad = await failureOf({ run: () => this.load() })
      if (cannotLoad !== null)
        return { status: 'killed', killedBy: [], failureMessage: cannotLoad, nrOfTests }
      for (const one of tests) {
        if (wanted !== null && !wanted.has(one.id)) continue
        nrOfTests += 1
        const failureMessage = await failureOf(one)
        if (stryker.hitCount > hitLimit)
          return { status: 'timeout', reason: `Hit limit reached (${hitLimit})` }
        if (failureMessage !== null)
          return { status: 'killed', killedBy: [one.id], failureMessage, nrOfTests }
      }
      return { status: 'survived', nrOfTests }
    } finally {
      stryker.activeMutant = undefined
    }
  }

  async dispose() {}
}

/** Most mutants fall to a quick test already. */
function quickFirst(order) {
  const places = new Map(order.map((id, place) => [id, place]))
  tests.sort((a, b) => places.get(a.id) - places.get(b.id))
}

async function failureOf({ run }) {
  try {
    await run()
    return null
  } catch (error) {
    return String(error?.message ?? error)
  }
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'in-process', injectableClass: InProcessRunner }]
