import pino, { type DestinationStream, type Logger } from 'pino'

/** Of what drivers hang on errors, what is no data: statements and their parameters hold what people sent. */
const KEPT = ['code', 'severity', 'constraint', 'table', 'column', 'routine'] as const
const MAX_CAUSES = 5

/** What a log may say of an error: its words and where it came from, not the data it happened to. */
function serializeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error
  const facts = KEPT.filter((name) => name in error).map((name) => [name, (error as never)[name]])
  const cause = error.cause instanceof Error && depth < MAX_CAUSES ? error.cause : undefined
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...(Object.fromEntries(facts) as object),
    ...(cause !== undefined && { cause: serializeError(cause, depth + 1) }),
  }
}

/** One JSON line per event, whatever is in it; secrets by name are taken out in case one gets here at all. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const names = ['password', 'token', 'authorization', 'cookie', 'key', 'secret', 'ticket']
  const options = {
    level,
    redact: { paths: [...names, ...names.map((name) => `*.${name}`), 'req.headers'], censor: '[redacted]' },
    serializers: { err: (error: unknown) => serializeError(error) },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}
