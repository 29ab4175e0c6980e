import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Files that share a server run in the order of their names, on every machine: what one leaves behind (a trade on LIVE, a
 * run) is there for those after it and for no other.
 */
export class ByName extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => (a.moduleId < b.moduleId ? -1 : 1))
  }
}
