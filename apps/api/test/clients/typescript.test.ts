import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { startV1State, type V1State } from '../harness/v1-state.ts'

const run = promisify(execFile)
const ROOT = join(import.meta.dirname, '../../../..')
const tsc = join(
  dirname(createRequire(join(ROOT, 'package.json')).resolve('typescript/package.json')),
  'bin/tsc',
)

/** A stranger's program over the generated types: it knows nothing of ours but the document. */
const PROGRAM = `import type { operations, paths } from './api.ts'

type Answer<Name extends keyof operations, Status extends number> = operations[Name]['responses'] extends {
  [S in Status]: { content: { 'application/json': infer Body } }
}
  ? Body
  : never
type RunRequest = NonNullable<operations['create_run']['requestBody']>['content']['application/json']

const positionsPath = '/v1/positions' satisfies keyof paths
const runsPath = '/v1/runs' satisfies keyof paths

export interface Result {
  symbols: string[]
  total: number
  runId: string
  runStatus: string
}

export async function trade(url: string, token: string): Promise<Result> {
  const headers = { authorization: \`Bearer \${token}\`, 'content-type': 'application/json' }
  const listed = await fetch(url + positionsPath, { headers })
  const positions = (await listed.json()) as Answer<'list_positions', 200>
  const request: RunRequest = { strategy_id: 'momentum_v1', start_date: '2025-01-06', end_date: '2025-01-31' }
  const started = await fetch(url + runsPath, { method: 'POST', headers, body: JSON.stringify(request) })
  if (started.status !== 202) throw new Error(await started.text())
  const { data } = (await started.json()) as Answer<'create_run', 202>
  return {
    symbols: positions.data.map((position) => position.symbol),
    total: positions.meta.total_count,
    runId: data.run_id,
    runStatus: data.status,
  }
}
`

const WRONG = `import type { operations } from './api.ts'
export const request: NonNullable<operations['create_run']['requestBody']>['content']['application/json'] = {
  strategy_id: 5,
}
`

const CONFIG = {
  compilerOptions: {
    strict: true,
    noEmit: true,
    module: 'nodenext',
    target: 'es2024',
    lib: ['es2024', 'dom'],
    types: [],
    allowImportingTsExtensions: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
  },
}

async function typeErrors(folder: string, file: string): Promise<string> {
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ ...CONFIG, files: [file] }))
  try {
    await run(process.execPath, [tsc, '-p', folder])
    return ''
  } catch (error) {
    return (error as { stdout: string }).stdout
  }
}

describe('a TypeScript client generated from the committed document by openapi-typescript', () => {
  let folder: string
  let state: V1State

  beforeAll(async () => {
    folder = await mkdtemp(join(import.meta.dirname, 'generated-'))
    const document = await readFile(join(ROOT, 'docs/openapi.json'), 'utf8')
    const types = await openapiTS(JSON.parse(document) as OpenAPI3, {
      silent: true,
      // In a request a field with a default may be left out.
      defaultNonNullable: false,
    })
    await writeFile(join(folder, 'package.json'), '{"type":"module"}')
    await writeFile(join(folder, 'api.ts'), astToString(types))
    await writeFile(join(folder, 'program.ts'), PROGRAM)
    await writeFile(join(folder, 'wrong.ts'), WRONG)
    state = await startV1State('pglite')
  })
  afterAll(async () => {
    await state.api.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('type-checks without an error, and refuses what the document refuses', async () => {
    expect(await typeErrors(folder, 'program.ts')).toBe('')
    expect(await typeErrors(folder, 'wrong.ts')).toContain("Type 'number' is not assignable to type 'string'")
  })

  it('lists positions and starts a run', async () => {
    const { trade } = (await import(pathToFileURL(join(folder, 'program.ts')).href)) as {
      trade: (url: string, token: string) => Promise<Record<string, unknown>>
    }
    const result = await trade(state.api.url, state.token)
    expect(result['symbols']).toEqual(expect.arrayContaining(['AAPL', 'TSLA']))
    expect(result['total']).toBeGreaterThanOrEqual(2)
    const { body } = await state.api.call('GET', `/v1/runs/${String(result['runId'])}`, {
      token: state.token,
    })
    expect(body).toMatchObject({ data: { run_id: result['runId'], strategy_id: 'momentum_v1' } })
  })
})
