import { deck, listEndpoints, rl, v1, type Endpoint } from '@quantdeck/contracts'

const inTree = (tree: Parameters<typeof listEndpoints>[0]): Endpoint[] =>
  listEndpoints(tree).map(({ endpoint }) => endpoint)

/** Every operation of the two documents. */
export const DOCUMENTED: readonly Endpoint[] = [...inTree(v1), ...inTree(rl)]
/** And what was added. */
export const ALL: readonly Endpoint[] = [...DOCUMENTED, ...inTree(deck)]

export const DOCUMENTED_GETS: readonly Endpoint[] = DOCUMENTED.filter(({ meta }) => meta.method === 'GET')

/** Parameters of the query, without those of the path. */
export function queryFieldsOf({ meta, input }: Endpoint): string[] {
  return Object.keys(input.shape as object).filter((field) => !meta.path.includes(`{${field}}`))
}

/** A path with its parameters filled in. */
export function pathOf({ meta }: Endpoint, ids: Readonly<Record<string, string>>): string {
  return meta.path.replace(/\{(\w+)\}/g, (_match, name: string) => {
    const id = ids[name]
    if (id === undefined) throw new Error(`no ${name} for ${meta.path}`)
    return encodeURIComponent(id)
  })
}

/** The methods that are served at a path. */
export function methodsAt(path: string): string[] {
  return ALL.filter(({ meta }) => meta.path === path).map(({ meta }) => meta.method)
}
