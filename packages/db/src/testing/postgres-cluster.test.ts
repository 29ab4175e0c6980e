import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { describePostgres } from './index.ts'

describePostgres('the test cluster', () => {
  it('leaves the exit code of a failed run alone', () => {
    const directory = mkdtempSync(join(tmpdir(), 'quantdeck-exit-'))
    chmodSync(directory, 0o711)
    const script = `
      const { startCluster } = await import('./src/testing/postgres-cluster.ts')
      const cluster = await startCluster(${JSON.stringify(join(directory, 'postgres'))})
      await cluster.stop()
      process.exitCode = 3`
    const flags = ['--conditions=@quantdeck/source', '--input-type=module', '--eval', script]
    const { status, stderr } = spawnSync(process.execPath, flags, {
      cwd: join(import.meta.dirname, '../..'),
      env: { PATH: process.env.PATH },
      encoding: 'utf8',
    })
    rmSync(directory, { recursive: true, force: true })
    expect(status, stderr).toBe(3)
  })
})
