import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Suites that take longest, most of it waiting: for a rate limit's window, for processes to come up, for a broker that
 * loses answers. Begun first, they wait while the others work; begun last, the whole run waits for them. Between two
 * that wait is one that works, so that the processors always have something to do.
 */
const FIRST = [
  'contract-check/own-server.test.ts',
  'api/test/matrix.test.ts',
  'process/kill.test.ts',
  'fuzz/fuzz.test.ts',
  'process/chaos.test.ts',
  'kill-switch/outages.test.ts',
  'demo/demo.test.ts',
  'process/alpaca.test.ts',
  'process/demo.test.ts',
  'cli/test/kill.test.ts',
  'process/jobs.test.ts',
  'webhook-delivery.test.ts',
  'models/controls.test.ts',
  'alert-latency.test.ts',
]

const placeOf = ({ moduleId }: TestSpecification): number => {
  const place = FIRST.findIndex((end) => moduleId.endsWith(end))
  return place === -1 ? FIRST.length : place
}

/** The usual order, but for the suites above. */
export class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = await super.sort(files)
    return usual.toSorted((a, b) => placeOf(a) - placeOf(b))
  }
}
