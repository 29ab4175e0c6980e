import { type Endpoint, listEndpoints, rl, v1 } from '@quantdeck/contracts'
import { type Check, CheckSkip, must, show } from '../check.ts'
import { expectAnswer } from '../expect.ts'
import {
  firstId,
  type ListSpec,
  POSITIONS,
  readList,
  type Row,
  RUNS,
  sample,
  STRATEGIES,
  textOf,
} from '../lists.ts'
import { settled, type Target } from '../target.ts'

/** The services of the document's example; more are allowed. */
const DOCUMENTED_SERVICES = ['database', 'data_feed', 'broker_connection', 'redis']

/** What stands in the path, taken from the list of the same thing. */
interface Sample {
  readonly list: ListSpec
  readonly prefer?: (row: Row) => boolean
}

const SAMPLES: Record<string, Sample> = {
  strategy_id: { list: STRATEGIES },
  position_id: { list: POSITIONS },
  run_id: { list: RUNS, prefer: (row) => row['status'] === 'COMPLETED' },
}

/** One check for every GET of both documents: status, content type and shape, every decimal place and instant included. */
export const READ_CHECKS: Check[] = [
  ...listEndpoints(v1)
    .filter(({ endpoint }) => endpoint.meta.method === 'GET' && endpoint !== v1.health.service)
    .map(({ name, endpoint }): Check => ({
      id: `v1.${name}`,
      family: 'v1',
      title: `GET ${endpoint.meta.path} answers as documented`,
      run: (target) => settled(() => readOne(target, endpoint)),
    })),
  ...listEndpoints(rl).map(({ name, endpoint }): Check => ({
    id: `rl.${name}`,
    family: 'rl',
    title: `GET ${endpoint.meta.path} answers as documented`,
    run: async (target) => void expectAnswer(await target.getRl(endpoint.meta.path), endpoint),
  })),
  {
    id: 'v1.health.service',
    family: 'v1',
    title: 'GET /v1/health/services/{service_name} answers for every documented service',
    run: async (target) => {
      for (const service of DOCUMENTED_SERVICES) {
        const answer = await target.get(`/v1/health/services/${service}`)
        const { data } = expectAnswer(answer, v1.health.service)
        must(data.service === service, `${answer.request}: data.service ${service}`, show(data.service))
      }
    },
  },
  superset('v1.strategies.superset', STRATEGIES, v1.strategies.get),
  superset('v1.runs.superset', RUNS, v1.runs.get),
]

async function readOne(target: Target, endpoint: Endpoint): Promise<void> {
  const parameter = /\{(\w+)\}/.exec(endpoint.meta.path)?.[1]
  const found = parameter === undefined ? undefined : SAMPLES[parameter]
  if (parameter === undefined || found === undefined) {
    expectAnswer(await target.get(endpoint.meta.path), endpoint)
    return
  }
  const id = await freshId(target, found)
  const answer = await target.call('GET', detailPath(endpoint, id))
  const { data } = expectAnswer(answer, endpoint) as { data: Row }
  must(data[parameter] === id, `${answer.request}: ${parameter} ${show(id)}`, show(data[parameter]))
}

/** Asked anew: a position of a moment ago may be closed. */
async function freshId(target: Target, { list, prefer }: Sample): Promise<string> {
  const { data } = await readList(target, list, list.isPaged ? { per_page: 100 } : {})
  const row = (prefer === undefined ? undefined : data.find(prefer)) ?? data[0]
  if (row === undefined) throw new CheckSkip(`the server has no ${list.name}`)
  return textOf(row, list.idField)
}

export function detailPath({ meta }: Endpoint, id: string): string {
  return meta.path.replace(/\{\w+\}/, encodeURIComponent(id))
}

/** Decided: a detail answers every field of its list. */
function superset(id: string, list: ListSpec, endpoint: Endpoint): Check {
  return {
    id,
    family: 'v1',
    title: `${endpoint.meta.path} answers every field of ${list.endpoint.meta.path}`,
    run: async (target) => {
      const rowId = await firstId(target, list, SAMPLES[list.idField]?.prefer)
      const { data } = await sample(target, list)
      const row = data.find((one) => one[list.idField] === rowId) ?? {}
      const answer = await target.get(detailPath(endpoint, rowId))
      const detail = (expectAnswer(answer, endpoint) as { data: Row }).data
      const missing = Object.keys(row).filter((field) => !(field in detail))
      must(missing.length === 0, `${answer.request} with every field of the list`, `no ${missing.join(', ')}`)
    },
  }
}
