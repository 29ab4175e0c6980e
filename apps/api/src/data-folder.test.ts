import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { chooseDataFolder } from './data-folder.ts'

let dataDir: string

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'quantdeck-data-'))
})

afterEach(() => {
  rmSync(dataDir, { recursive: true })
})

describe('chooseDataFolder', () => {
  it('starts a new folder with the demo, in a database of its own', () => {
    expect(chooseDataFolder({ demo: 'auto', dataDir })).toEqual({ isDemo: true, path: join(dataDir, 'demo') })
  })

  it('follows quantdeck demo clear, and DEMO=on shows the demo again', () => {
    mkdirSync(join(dataDir, 'demo'))
    writeFileSync(join(dataDir, 'active'), 'main\n')
    expect(chooseDataFolder({ demo: 'auto', dataDir })).toEqual({
      isDemo: false,
      path: join(dataDir, 'main'),
    })
    expect(chooseDataFolder({ demo: 'on', dataDir }).isDemo).toBe(true)
  })

  it('goes on without the demo where it never was', () => {
    expect(chooseDataFolder({ demo: 'off', dataDir }).path).toBe(join(dataDir, 'main'))
    mkdirSync(join(dataDir, 'main'))
    expect(chooseDataFolder({ demo: 'auto', dataDir }).isDemo).toBe(false)
  })
})
