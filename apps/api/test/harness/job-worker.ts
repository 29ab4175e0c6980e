import { openDatabase } from '@quantdeck/db'
import { systemClock } from '@quantdeck/domain'
import { parseEnv } from '../../src/env.ts'
import { RunJobs } from '../../src/features/runs/run-jobs.ts'
import { createLogger } from '../../src/log.ts'

/** A worker and nothing else, for tests that kill or pause it: `node job-worker.ts DATABASE_URL [LOG_LEVEL]`. */
const [url = '', logLevel = 'error'] = process.argv.slice(2)
const env = parseEnv({
  ROLE: 'worker',
  DATABASE_URL: url,
  JWT_SECRET: 'a secret of the tests, 32 bytes long',
})
const db = await openDatabase({ url })
const jobs = new RunJobs({ db, clock: systemClock, log: createLogger(logLevel), env }, () => {})
await jobs.start()
console.log('Worker ready')
