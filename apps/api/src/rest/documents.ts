import { appRouter } from '../trpc/router.ts'
import { buildOpenApiDocument } from './openapi.ts'

/** Documents made from the code and committed: path below the repository's root -> content. Needs no database. */
export function buildDocuments(): Record<string, string> {
  return { 'docs/openapi.json': `${JSON.stringify(buildOpenApiDocument(appRouter), null, 2)}\n` }
}
