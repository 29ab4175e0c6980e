import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { COMMANDS } from '../src/commands.ts'
import { FakeServer } from './fake-server.ts'
import { runCli } from './run-cli.ts'

let folder: string
let server: FakeServer
let url: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quantdeck-cli-'))
  server = new FakeServer()
  url = await server.start()
})

afterEach(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

function file(text: string): string {
  const path = join(folder, 'prices.csv')
  writeFileSync(path, text)
  return path
}

const GOOD = 'date,close\n2025-01-02,11.5\n2025-01-03,12\n'

describe('quantdeck', () => {
  it('names every command in its help', async () => {
    const { code, stdout } = await runCli(['help'])
    expect(code).toBe(0)
    for (const { usage } of COMMANDS) expect(stdout).toContain(usage)
  })

  it('says its version and that of the contract', async () => {
    expect((await runCli(['--version'])).stdout).toMatch(
      /^quantdeck \d+\.\d+\.\d+ \(contract \d+\.\d+\.\d+, Node /,
    )
  })

  it.each([
    [['fly'], 'there is no command "fly"'],
    [['import', 'bars'], 'import bars takes one FILE'],
    [['import', 'bars', 'a.csv'], 'import bars needs --symbol'],
    [['import', 'bars', 'a.csv', '--symbol', 'X', '--interval', 'soon'], '--interval soon is none'],
    [['import', 'bars', 'a.csv', '--symbol', 'X', '--zone', 'Mars/Base'], '--zone Mars/Base is no time zone'],
    [['import', 'bars', 'a.csv', '--symbol', 'X', '--date-format', 'odd'], '--date-format must be one of'],
    [['status', '--loud'], "unknown option '--loud'"],
  ])('answers %j with one sentence and exit code 2', async (args, sentence) => {
    const { code, stdout, stderr } = await runCli(args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(sentence)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  it('hands books rebuild to the server program, with its sentence and its exit code', async () => {
    const { code, stdout, stderr } = await runCli(['books', 'rebuild'], { DATA_DIR: join(folder, 'none') })
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^quantdeck: there is no database in .*none.*: start the server once.*\n$/)
    expect((await runCli(['books', 'rebuild', '--write'])).code).toBe(2)
  })

  it('says in one sentence that the server is down', async () => {
    await server.stop()
    const { code, stderr } = await runCli(['status', '--url', url])
    expect(code).toBe(1)
    expect(stderr).toBe(
      `quantdeck: no server answers at ${url}: start it with npm start, or name it with --url\n`,
    )
    url = await server.start()
  })

  it('says what is missing when the server wants a key, and what a stranger answers', async () => {
    const unauthorized = { error: { code: 'UNAUTHORIZED', message: 'x', details: [] }, request_id: 'r' }
    server.script('/v1/health', 401, unauthorized)
    expect((await runCli(['status', '--url', url])).stderr).toContain('give an API key with --key')
    expect((await runCli(['status', '--url', url])).stderr).toContain(
      'in a form that this version does not know',
    )
  })

  it('prints the saved logins and says where they would be', async () => {
    const env = { DATA_DIR: folder }
    expect((await runCli(['logins'], env)).stderr).toContain(`there is no ${join(folder, 'logins.json')}`)
    writeFileSync(join(folder, 'logins.json'), '{"admin@quantdeck.local": "secret"}')
    expect((await runCli(['logins'], env)).stdout).toBe('admin@quantdeck.local  secret\n')
  })

  it('leaves a note that the next start begins empty', async () => {
    const { code, stdout } = await runCli(['demo', 'clear'], { DATA_DIR: folder })
    expect(code).toBe(0)
    expect(stdout).toContain('begins empty')
    expect(readFileSync(join(folder, 'active'), 'utf8')).toBe('main\n')
  })
})

describe('quantdeck import bars', () => {
  it('uses the key that the server left on this machine, unless one is given', async () => {
    writeFileSync(join(folder, 'cli-key'), 'qd_local\n')
    const env = { DATA_DIR: folder }
    await runCli(['import', 'bars', file(GOOD), '--symbol', 'X', '--url', url], env)
    expect(new Set(server.keys)).toEqual(new Set(['Bearer qd_local']))
    await runCli(['import', 'bars', file(GOOD), '--symbol', 'X', '--url', url, '--key', 'qd_given'], env)
    expect(server.keys.at(-1)).toBe('Bearer qd_given')
  })

  it('sends a large file in requests of at most 5,000 bars that belong to one import', async () => {
    const rows = Array.from(
      { length: 12_001 },
      (_, index) => `${1_500_000_000 + index * 60},${100 + (index % 7)}`,
    )
    const path = file(`time,close\n${rows.join('\n')}\nbroken\n`)
    const { code, stdout } = await runCli(['import', 'bars', path, '--symbol', 'X', '--url', url, '--json'])
    expect(code).toBe(0)
    expect(server.posted.map(({ bars }) => bars.length)).toEqual([5000, 5000, 2001])
    expect(server.posted.map(({ import_id }) => import_id)).toEqual([undefined, 'import-1', 'import-1'])
    expect(JSON.parse(stdout)).toMatchObject({
      rows_total: 12_002,
      rows_accepted: 12_001,
      rows_quarantined: 1,
      interval_seconds: 60,
      quarantined: [{ line: 12_003, reason: 'WRONG_COLUMN_COUNT' }],
    })
  })

  it('waits as long as the rate limit says and goes on', async () => {
    const limited = { error: { code: 'RATE_LIMIT_EXCEEDED', message: 'x', retry_after: 1 }, request_id: 'r' }
    server.script('/v1/market-data/bars', 429, limited, { 'retry-after': '1' })
    const { code, stdout } = await runCli(['import', 'bars', file(GOOD), '--symbol', 'X', '--url', url])
    expect(code).toBe(0)
    expect(stdout).toContain('2 rows, 2 accepted')
  })

  it('explains a file that it cannot read and asks nobody', async () => {
    const path = file('date,close\n03/04/2024,1\n05/06/2024,2\n')
    const { code, stderr } = await runCli(['import', 'bars', path, '--symbol', 'X', '--url', url])
    expect(code).toBe(1)
    expect(stderr).toContain('give --date-format DD/MM/YYYY or MM/DD/YYYY')
    expect(server.keys).toEqual([])
  })

  it('passes on what the server refuses, with the field', async () => {
    const details = [{ field: 'symbol', message: 'Too long' }]
    server.script('/v1/market-data/bars', 400, {
      error: { code: 'VALIDATION_ERROR', message: 'Bad request', details },
    })
    const { code, stderr } = await runCli(['import', 'bars', file(GOOD), '--symbol', 'X', '--url', url])
    expect([code, stderr]).toEqual([1, 'quantdeck: the server refused: Bad request (symbol: Too long)\n'])
  })

  it('ends with 1 when not one row was taken', async () => {
    const path = file('date,close\nsoon,1\nlater,2\n')
    const { code, stdout } = await runCli(['import', 'bars', path, '--symbol', 'X', '--url', url])
    expect(code).toBe(1)
    expect(stdout).toContain('line 2: BAD_DATE')
  })
})
