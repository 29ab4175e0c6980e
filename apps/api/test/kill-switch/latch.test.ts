import { systemClock } from '@quantdeck/domain'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { KillLatch } from '../../src/latch/kill-latch.ts'
import type { LatchEntry } from '../../src/latch/latch-entry.ts'
import { LatchFolder } from '../../src/latch/latch-folder.ts'
import { fillUp, mountSmall } from './frozen.ts'

type Asked = Omit<LatchEntry, 'id' | 'storedAs' | 'isDone'>

const asked = (over: Partial<Asked> = {}): Asked => ({
  scope: 'global',
  level: 'HALTED',
  cause: 'manual',
  reason: 'storm',
  onActivate: 'cancel_all',
  activatedAt: new Date('2026-01-07T16:30:00Z'),
  by: { label: 'ana', userId: null, apiKeyId: null, role: 'admin', requestId: 'req-1', ip: null },
  ...over,
})

describe('the latch of the kill switch', () => {
  let folder: string
  const open: KillLatch[] = []
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'quantdeck-latch-')), 'main')
  })
  afterEach(async () => {
    for (const latch of open.splice(0)) await latch.close()
    rmSync(join(folder, '..'), { recursive: true, force: true })
  })

  async function start(): Promise<KillLatch> {
    const latch = await KillLatch.open({ folder, clock: systemClock, log: pino({ level: 'silent' }) })
    open.push(latch)
    return latch
  }

  it('stops at once, before the disk has it, and is there after a restart', async () => {
    const latch = await start()
    expect([...latch.levels()]).toEqual([])
    const { entry, written } = latch.hold(asked({ scope: 'strategy:momentum_v1', level: 'REDUCING' }))
    expect([...latch.levels()]).toEqual([['strategy:momentum_v1', 'REDUCING']])
    await written
    expect((await start()).entries()).toEqual([entry])
  })

  it('takes the worst of a scope, and is empty when all has been dropped', async () => {
    const latch = await start()
    const mild = latch.hold(asked({ level: 'REDUCING' }))
    await mild.written
    const hard = latch.hold(asked())
    await hard.written
    expect(latch.levels().get('global')).toBe('HALTED')
    await latch.drop([hard.entry.id])
    expect(latch.levels().get('global')).toBe('REDUCING')
    await latch.drop([mild.entry.id])
    expect(latch.levels().size).toBe(0)
    expect((await start()).entries()).toEqual([])
  })

  it('takes an equal stop that waits for the database already for the same', async () => {
    const latch = await start()
    const first = latch.hold(asked())
    await first.written
    const again = latch.hold(asked({ activatedAt: new Date('2026-01-07T16:31:00Z') }))
    await again.written
    expect(again.entry).toBe(first.entry)
    await latch.mark(first.entry.id, { storedAs: first.entry.activatedAt, isDone: true })
    expect(latch.hold(asked()).entry.id).not.toBe(first.entry.id)
  })

  it('notices within a second what another process writes, and what it takes away', async () => {
    const latch = await start()
    const other = new LatchFolder(folder)
    const stored = new Date('2026-01-07T16:30:00Z')
    const id = '11111111-1111-4111-8111-111111111111'
    await other.write({ ...asked(), id, storedAs: stored, isDone: true })
    await expect.poll(() => latch.levels().get('global'), { timeout: 1_000 }).toBe('HALTED')
    await other.remove([id])
    await expect.poll(() => latch.levels().size, { timeout: 1_000 }).toBe(0)
  })

  it('writes again what was taken away before the database had it', async () => {
    const latch = await start()
    const { entry, written } = latch.hold(asked())
    await written
    rmSync(folder, { recursive: true })
    await expect.poll(() => existsSync(join(folder, `${entry.id}.json`)), { timeout: 2_000 }).toBe(true)
    expect(latch.levels().get('global')).toBe('HALTED')
  })

  it.each([
    [
      'half an entry',
      () => writeFileSync(join(folder, '22222222-2222-4222-8222-222222222222.json'), '{"ver'),
    ],
    [
      'an entry of another version',
      () => writeFileSync(join(folder, '22222222-2222-4222-8222-222222222222.json'), '{"version":2}'),
    ],
    ['another name', () => writeFileSync(join(folder, 'stop.json'), '{}')],
  ])('stops everything when it finds %s at the start', async (_, spoil) => {
    mkdirSync(folder, { recursive: true })
    spoil()
    const latch = await start()
    expect(latch.isUnreadable).toBe(true)
    expect(latch.levels().get('global')).toBe('HALTED')
    expect(latch.entries()).toMatchObject([{ scope: 'global', cause: 'latch_unreadable', storedAs: null }])
    await latch.setUnreadableAside()
    expect(latch.isUnreadable).toBe(false)
    // It is carried into the database now, and a person ends it there.
    expect(latch.levels().get('global')).toBe('HALTED')
    expect(readdirSync(folder).some((name) => name.endsWith('.unreadable'))).toBe(true)
  })

  it('stops everything when its folder cannot be read at the start', async () => {
    writeFileSync(folder, 'not a folder')
    const latch = await start()
    expect([latch.isUnreadable, latch.levels().get('global')]).toEqual([true, 'HALTED'])
  })

  it('stops everything when such a file appears while it runs', async () => {
    const latch = await start()
    writeFileSync(join(folder, 'stop.json'), 'please')
    await expect.poll(() => latch.levels().get('global'), { timeout: 1_000 }).toBe('HALTED')
  })

  it('never shows a file under its name before it is whole: what a crash leaves behind is no entry', async () => {
    const latch = await start()
    writeFileSync(join(folder, 'draft-1234'), '{"version":1,"id":')
    await latch.look()
    expect(latch.levels().size).toBe(0)
  })

  it('has room on a full disk, more than once', async ({ skip }) => {
    const mounted = mountSmall(folder, 1)
    if ('problem' in mounted) {
      console.warn(`SKIPPED: the latch on a full disk. ${mounted.problem}`)
      return skip(mounted.problem)
    }
    try {
      const latch = await start()
      const giveBack = fillUp(folder)
      expect(() => writeFileSync(join(folder, 'more'), Buffer.alloc(8_192))).toThrow('ENOSPC')
      rmSync(join(folder, 'more'), { force: true })
      fillUp(folder)
      for (const symbol of ['A', 'B', 'C', 'D'])
        await latch.hold(asked({ scope: `symbol:${symbol}` })).written
      const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
      expect(files).toHaveLength(4)
      expect(JSON.parse(readFileSync(join(folder, files[0] ?? ''), 'utf8'))).toMatchObject({
        level: 'HALTED',
      })
      giveBack()
      await latch.close()
      expect((await start()).levels().size).toBe(4)
    } finally {
      mounted.unmount()
    }
  })

  it('says so where the disk does not take it, and holds in memory all the same', async () => {
    const latch = await start()
    rmSync(folder, { recursive: true })
    writeFileSync(folder, 'in the way')
    const { written } = latch.hold(asked())
    await expect(written).rejects.toThrow(/ENOTDIR|EEXIST/)
    expect(latch.levels().get('global')).toBe('HALTED')
  })
})
