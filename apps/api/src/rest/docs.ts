import type { FastifyInstance, FastifyReply } from 'fastify'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

import { refuseOtherMethods } from './bridge.ts'

const require = createRequire(import.meta.url)

const SWAGGER_FILES: Record<string, string> = {
  'swagger-ui.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
  'favicon-32x32.png': 'image/png',
}

/** Redoc computes styles at run time, keeps a search worker in a blob, and shows the document's own inline images. */
const REDOC_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  'worker-src blob:',
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Swagger UI sets inline styles; it runs no inline script. */
const SWAGGER_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const SWAGGER_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Quantdeck API</title>
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`

const SWAGGER_START = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
  validatorUrl: null,
})
`

const REDOC_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Quantdeck API reference</title>
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
</head>
<body>
<div id="redoc"></div>
<script src="/redoc/redoc.standalone.js"></script>
<script src="/redoc/start.js"></script>
</body>
</html>
`

const REDOC_START = `Redoc.init('/openapi.json', { disableSearch: false, hideDownloadButton: false }, document.getElementById('redoc'))
`

/** Its makers' logo is all that Redoc would fetch from elsewhere; their name and link stay. */
const REDOC_LOGO = 'https://cdn.redoc.ly/redoc/logo-mini.svg'
const NO_IMAGE = 'data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22/%3E'

function readRedoc(path: string): Buffer {
  return Buffer.from(readFileSync(path, 'utf8').replaceAll(REDOC_LOGO, NO_IMAGE))
}

interface Page {
  type: string
  body: string | (() => Buffer)
  policy?: string
}

const json = (text: () => string): Page => ({
  type: 'application/json',
  body: once(() => Buffer.from(text())),
})

function once(read: () => Buffer): () => Buffer {
  let bytes: Buffer | null = null
  return () => (bytes ??= read())
}

/** Made when they are first asked for. */
export interface PublishedDocuments {
  openApi: () => string
  openApi30: () => string
  asyncApi: () => string
}

function pages(documents: PublishedDocuments): Record<string, Page> {
  const swaggerRoot = dirname(require.resolve('swagger-ui-dist/package.json'))
  const redocRoot = dirname(require.resolve('redoc/package.json'))
  const swagger = Object.entries(SWAGGER_FILES).map(([name, type]): [string, Page] => [
    `/docs/${name}`,
    { type, body: once(() => readFileSync(join(swaggerRoot, name))) },
  ])
  const redocScript = once(() => readRedoc(join(redocRoot, 'bundles', 'redoc.standalone.js')))
  return {
    '/openapi.json': json(documents.openApi),
    '/openapi-3.0.json': json(documents.openApi30),
    '/asyncapi.json': json(documents.asyncApi),
    '/docs': { type: 'text/html', body: SWAGGER_PAGE, policy: SWAGGER_POLICY },
    '/docs/start.js': { type: 'text/javascript', body: SWAGGER_START },
    ...Object.fromEntries(swagger),
    '/redoc': { type: 'text/html', body: REDOC_PAGE, policy: REDOC_POLICY },
    '/redoc/start.js': { type: 'text/javascript', body: REDOC_START },
    '/redoc/redoc.standalone.js': { type: 'text/javascript', body: redocScript },
  }
}

/** The documents and the two viewers of the first, all from our own files. Open to everybody, without limits. */
export function registerDocs(app: FastifyInstance, documents: PublishedDocuments): void {
  for (const [url, page] of Object.entries(pages(documents))) {
    app.get(url, (_request, reply) => sendPage(reply, page))
    refuseOtherMethods(app, url, ['GET'])
  }
}

function sendPage(reply: FastifyReply, { type, body, policy }: Page): FastifyReply {
  const charset = type.startsWith('image/') ? '' : '; charset=utf-8'
  if (policy !== undefined) void reply.header('content-security-policy', policy)
  void reply.header('cache-control', 'no-cache')
  return reply.type(`${type}${charset}`).send(typeof body === 'string' ? body : body())
}
