import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type RealServer, startRealServer } from './real-server.ts'
import { runCli } from './run-cli.ts'

interface Status {
  data: {
    kill_switch_active: boolean
    level: string
    scopes: { scope: string; level: string; reason: string }[]
  }
}

describe('quantdeck kill', () => {
  it.each([
    [['kill'], 'kill needs a --reason'],
    [['kill', '--reason', 'x', '--scope', 'everything'], '--scope everything is neither'],
  ])('answers %j with one sentence and exit code 2', async (args, sentence) => {
    const { code, stderr } = await runCli(args)
    expect([code, stderr]).toEqual([2, expect.stringContaining(sentence)])
  })

  describe('without a server', () => {
    let dataDir: string
    beforeEach(() => {
      dataDir = mkdtempSync(join(tmpdir(), 'quantdeck-kill-'))
    })
    afterEach(() => rmSync(dataDir, { recursive: true }))

    it('leaves a stop on the disk that the next start begins with', async () => {
      const env = { DATA_DIR: dataDir, DEMO: 'off' }
      const stopped = await runCli(['kill', '--reason', 'flood in the office'], env)
      expect([stopped.code, stopped.stderr]).toEqual([0, ''])
      expect(stopped.stdout).toContain('Kill switch activated globally. It is on the disk')
      const folder = join(dataDir, 'kill-switch', 'main')
      const [file = ''] = readdirSync(folder).filter((name) => name.endsWith('.json'))
      expect(JSON.parse(readFileSync(join(folder, file), 'utf8'))).toMatchObject({
        ...{ scope: 'global', level: 'HALTED', reason: 'flood in the office', stored_as: null },
        by: { label: expect.stringMatching(/^command line \(.+@.+\)$/) as string },
      })
    })

    it('says that a drill needs one', async () => {
      const { code, stderr } = await runCli(['kill', '--drill'], { DATA_DIR: dataDir })
      expect([code, stderr]).toEqual([1, expect.stringContaining('a drill needs a running server')])
    })
  })

  describe('beside a running server', () => {
    let server: RealServer
    let env: Record<string, string>
    beforeAll(async () => {
      server = await startRealServer({ DEMO: 'on' })
      env = { DATA_DIR: server.dataDir, DEMO: 'on' }
    }, 240_000)
    afterAll(() => server?.stop())

    const status = async () => ((await server.get('/v1/controls/kill-switch')) as Status).data

    it('practises on PAPER, measures the last cancel, keeps the report, and leaves everything going', async () => {
      const drill = await runCli(['kill', '--drill'], env)
      expect([drill.code, drill.stderr]).toEqual([0, ''])
      expect(drill.stdout).toMatch(/^Drill of \S+ by command line \(.+\): passed$/m)
      expect(drill.stdout).toMatch(/last cancel after {3}\d+\.\d{3} s \((\d+) of \1 working orders\)/)
      expect((await status()).kill_switch_active).toBe(false)
      const kept = await runCli(['kill', '--drills'], env)
      expect(kept.stdout.trim()).toBe(drill.stdout.trim())
    }, 90_000)

    it('stops a strategy, then a symbol, then everything, and the server says the same within a second', async () => {
      const one = await runCli(
        ['kill', '--scope', 'strategy:ppo_v1', '--reason', 'odd', '--level', 'reduce'],
        env,
      )
      expect([one.code, one.stdout]).toEqual([
        0,
        expect.stringContaining('The server has stored it and cancelled'),
      ])
      expect((await status()).scopes).toMatchObject([
        { scope: 'strategy:ppo_v1', level: 'REDUCING', reason: 'odd' },
      ])
      const symbol = await runCli(['kill', '--scope', 'symbol:SPX', '--reason', 'halted there'], env)
      expect(symbol.stdout).toContain('Kill switch activated for the symbol SPX')
      const all = await runCli(['kill', '--reason', 'enough', '--json'], env)
      expect(JSON.parse(all.stdout)).toMatchObject({ scope: 'global', level: 'HALTED', outcome: 'done' })
      expect((await status()).level).toBe('HALTED')
    }, 60_000)

    it('says that there is no such strategy', async () => {
      const { code, stderr } = await runCli(['kill', '--scope', 'strategy:nobody', '--reason', 'x'], env)
      expect([code, stderr]).toEqual([1, expect.stringContaining('there is no strategy nobody')])
    }, 60_000)
  })
})
