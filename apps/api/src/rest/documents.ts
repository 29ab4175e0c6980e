import { appRouter } from '../trpc/router.ts'
import { buildAsyncApiDocument } from '../ws/asyncapi.ts'
import { downConvert } from './openapi-30.ts'
import { buildOpenApiDocument } from './openapi.ts'

/** Documents made from the code and committed: path below the repository's root -> content. Needs no database. */
export function buildDocuments(): Record<string, string> {
  const openApi = buildOpenApiDocument(appRouter)
  const text = (document: object) => `${JSON.stringify(document, null, 2)}\n`
  return {
    'docs/openapi.json': text(openApi),
    'docs/openapi-3.0.json': text(downConvert(openApi)),
    'docs/asyncapi.json': text(buildAsyncApiDocument()),
  }
}
