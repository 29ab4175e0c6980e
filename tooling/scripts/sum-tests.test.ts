import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quantdeck-sum-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

function report(name: string, passed: number, failed: number, testResults: unknown[] = []): string {
  const path = join(folder, name)
  const numTotalTests = passed + failed
  writeFileSync(
    path,
    JSON.stringify({
      numTotalTests,
      numPassedTests: passed,
      numFailedTests: failed,
      numPendingTests: 0,
      testResults,
    }),
  )
  return path
}

function sum(...args: string[]) {
  const result = spawnSync(process.execPath, [join(import.meta.dirname, 'sum-tests.mjs'), ...args], {
    encoding: 'utf8',
  })
  return { status: result.status, last: result.stdout.trim().split('\n').at(-1) }
}

describe('sum-tests.mjs', () => {
  it('adds reports and checks up to one closing line', () => {
    expect(sum(report('a', 3, 0), report('b', 4, 0), 'start=ok')).toEqual({
      status: 0,
      last: '8 passed, 0 failed',
    })
  })

  it('fails on one failed test and on one failed check', () => {
    expect(sum(report('a', 3, 1))).toEqual({ status: 1, last: '3 passed, 1 failed' })
    expect(sum(report('a', 3, 0), 'start=failed')).toEqual({ status: 1, last: '3 passed, 1 failed' })
  })

  it('counts a missing and an empty report as a failure', () => {
    expect(sum(report('a', 3, 0), join(folder, 'none'))).toEqual({ status: 1, last: '3 passed, 1 failed' })
    expect(sum(report('a', 3, 0), report('empty', 0, 0))).toEqual({ status: 1, last: '3 passed, 1 failed' })
  })

  it('counts a file that failed before its tests', () => {
    const broken = report('a', 3, 0, [{ status: 'failed', assertionResults: [] }])
    expect(sum(broken)).toEqual({ status: 1, last: '3 passed, 1 failed' })
  })
})
