import type { KyselyPlugin, RootOperationNode } from 'kysely'

/**
 * Rises with whatever this process may have changed in the database, when it is done and before its caller goes on: who
 * keeps what was read notes the count before reading, and reads anew when it is another one.
 */
export class WriteCount {
  #count = 0

  get value(): number {
    return this.#count
  }

  rise(): void {
    this.#count += 1
  }
}

/** For statements outside of transactions; those count once, when they have ended. */
export function countingWrites(writes: WriteCount): KyselyPlugin {
  const writing = new WeakSet<object>()
  return {
    transformQuery({ node, queryId }) {
      if (!isRead(node)) writing.add(queryId)
      return node
    },
    async transformResult({ queryId, result }) {
      if (writing.has(queryId)) writes.rise()
      return result
    },
  }
}

function isRead(node: RootOperationNode): boolean {
  if (node.kind === 'SelectQueryNode') return true
  return node.kind === 'RawNode' && isReadText(node.sqlFragments[0] ?? '')
}

/** Of a statement's text; what is not sure counts as a write. */
export function isReadText(text: string): boolean {
  return /^\s*select\b/i.test(text)
}
