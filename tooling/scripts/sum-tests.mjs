// Closes a CI run: adds up vitest's JSON reports (and the shell's own checks, given as `name=ok|failed`) to one line.
// A report that is missing or empty counts as a failure, so that a suite that never ran cannot look green.
import { readFileSync } from 'node:fs'

let passed = 0
let failed = 0
let skipped = 0

for (const argument of process.argv.slice(2)) {
  const check = /^([\w-]+)=(ok|failed)$/.exec(argument)
  if (check !== null) {
    if (check[2] === 'ok') passed += 1
    else failed += 1
    continue
  }
  const report = readReport(argument)
  passed += report.numPassedTests
  failed += report.numFailedTests + failedSuites(report)
  skipped += report.numPendingTests
}

if (skipped > 0) console.log(`${skipped} skipped`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed > 0 || passed === 0 ? 1 : 0)

function readReport(path) {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8'))
    if (report.numTotalTests > 0) return report
    console.error(`${path}: the report holds no test`)
  } catch (error) {
    console.error(`${path}: no readable report (${error.message})`)
  }
  return { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, testResults: [] }
}

/** Files that failed before a test of theirs could (an import that throws): no failed test counts them. */
function failedSuites(report) {
  const broken = (file) =>
    file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')
  return report.testResults.filter(broken).length
}
