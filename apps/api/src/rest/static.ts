import fastifyStatic from '@fastify/static'
import { AppError } from '@quantdeck/domain'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { existsSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

const RESERVED =
  /^\/(?:v1|api|trpc|ws|docs|redoc|openapi\.json|asyncapi\.json|healthz|readyz|metrics)(?:[/?]|$)/

/** Radix and the toasts write inline styles; scripts come from our own files only. */
export const DASHBOARD_POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    manifestSrc: ["'self'"],
    frameSrc: ["'self'"],
    objectSrc: ["'none'"],
    baseUri: ["'self'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
}

const NOT_BUILT = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Quantdeck</title></head>
<body>
<h1>The dashboard is not built yet</h1>
<p>Run <code>pnpm build</code> (or <code>npm start</code>, which does it) and reload this page. The API is up: see <a href="/docs">/docs</a>.</p>
</body>
</html>
`

export function isReserved(url: string): boolean {
  return RESERVED.test(url)
}

/**
 * The files of the built dashboard, so that no request path ever reaches the file system. What a dot hides (the
 * bundler's manifest) is for tools, not for visitors.
 */
function listFiles(root: string): Set<string> {
  if (!existsSync(root)) return new Set()
  const entries = readdirSync(root, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const names = files.map((file) => relative(root, join(file.parentPath, file.name)).split(sep).join('/'))
  return new Set(names.filter((name) => !/(^|\/)\./.test(name)))
}

/**
 * The dashboard at `/`: its files, and its page for any other HTML request (deep links).
 * @returns what to do with a request that no route answers
 */
export async function registerDashboard(
  app: FastifyInstance,
  root: string,
): Promise<(request: FastifyRequest, reply: FastifyReply) => FastifyReply> {
  let files = listFiles(root)
  if (existsSync(root)) await app.register(fastifyStatic, { root, serve: false, cacheControl: false })
  return (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/'
    const isPage = request.method === 'GET' || request.method === 'HEAD'
    if (!isPage || isReserved(request.url)) throw new AppError('NOT_FOUND', 'Not found')
    if (files.size === 0 && reply.server.hasReplyDecorator('sendFile')) files = listFiles(root)
    const name = path.slice(1)
    if (files.has(name) && name !== 'index.html') return sendAsset(reply, name)
    if (path !== '/' && !/\btext\/html\b/.test(request.headers.accept ?? '')) {
      throw new AppError('NOT_FOUND', 'Not found')
    }
    void reply.header('cache-control', 'no-cache')
    if (!files.has('index.html')) return reply.code(503).type('text/html; charset=utf-8').send(NOT_BUILT)
    return reply.sendFile('index.html')
  }
}

/** Vite puts a hash into the names below assets/. */
function sendAsset(reply: FastifyReply, name: string): FastifyReply {
  const isHashed = name.startsWith('assets/')
  void reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
  return reply.sendFile(name)
}
