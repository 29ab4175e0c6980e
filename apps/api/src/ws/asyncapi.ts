import {
  CONTRACT_VERSION,
  HEARTBEAT_SECONDS,
  rlStreamHeartbeatMessage,
  rlStreamMarketStatusMessage,
  rlStreamQuery,
  rlStreamSignalMessage,
  STREAM_CLOSE_CODES,
  STREAM_PATH,
} from '@quantdeck/contracts'
import { rlFixtures } from '@quantdeck/contracts/fixtures'
import * as z from 'zod'

type Json = Record<string, unknown>

const CLOSE_WORDS: Record<keyof typeof STREAM_CLOSE_CODES, string> = {
  unauthorized: 'No valid token, or the session, user or key behind it has ended',
  forbidden: 'The token may not read signals',
  tooSlow: 'The client takes messages slower than they come; reconnect with `since`',
  restart: 'The server restarts; reconnect with `since`',
}

const DESCRIPTION = `Live signals of the strategies in the caller's sight.

On connect the current \`market_status\`, then messages as they happen and a heartbeat every ${HEARTBEAT_SECONDS} s. A text \`ping\` is
answered with the text \`pong\`; silent clients are fine. \`sequence\` rises in commit order: pass the last one seen as \`since\` to resume.
The token travels in the Authorization header, as \`Sec-WebSocket-Protocol: bearer, <token>\`, or as a single-use ticket in the query.`

const MESSAGES = {
  signal: {
    title: 'A new signal',
    schema: rlStreamSignalMessage,
    example: rlFixtures.signalMessage.value,
  },
  heartbeat: {
    title: `Sent every ${HEARTBEAT_SECONDS} s`,
    schema: rlStreamHeartbeatMessage,
    example: rlFixtures.heartbeatMessage.value,
  },
  marketStatus: {
    title: 'Sent on connect and on every change',
    schema: rlStreamMarketStatusMessage,
    example: rlFixtures.marketStatusMessage.value,
  },
}

/** zod names the schema in its own `definitions` and points there: the schema itself, and what else it names. */
function jsonSchema(schema: z.ZodType): Json {
  const { $schema: _draft, $ref, definitions = {}, ...rest } = z.toJSONSchema(schema, { target: 'draft-7' })
  const named = definitions as Record<string, Json>
  const root = $ref?.replace('#/definitions/', '') ?? ''
  const others = Object.entries(named).filter(([name]) => name !== root)
  return {
    ...(named[root] ?? rest),
    ...(others.length > 0 && { definitions: Object.fromEntries(others) }),
  }
}

/** The messages point to schemas of their own `definitions`; in a document of many they need their place's name. */
function payload(name: string, schema: z.ZodType): Json {
  const text = JSON.stringify(jsonSchema(schema))
  return JSON.parse(text.replaceAll('"#/definitions/', `"#/components/schemas/${name}/definitions/`)) as Json
}

function messages(): Json {
  const text = {
    ping: { name: 'ping', contentType: 'text/plain', payload: { type: 'string', const: 'ping' } },
    pong: { name: 'pong', contentType: 'text/plain', payload: { type: 'string', const: 'pong' } },
  }
  const entries = Object.entries(MESSAGES).map(([name, { title, example }]) => [
    name,
    {
      name,
      title,
      contentType: 'application/json',
      payload: { $ref: `#/components/schemas/${name}` },
      examples: [{ summary: 'As the rl document shows it', payload: example }],
    },
  ])
  return { ...(Object.fromEntries(entries) as Json), ...text }
}

const refs = (place: string, names: readonly string[]) =>
  names.map((name) => ({ $ref: `#/${place}/${name}` }))

/** The AsyncAPI 3.0 document of the stream, made from the contracts alone. */
export function buildAsyncApiDocument(): Json {
  const all = messages()
  const closeCodes = Object.entries(STREAM_CLOSE_CODES).map(([name, code]) => ({
    code,
    description: CLOSE_WORDS[name as keyof typeof STREAM_CLOSE_CODES],
  }))
  const channel = {
    address: STREAM_PATH,
    title: 'Trading signals',
    messages: Object.fromEntries(
      Object.keys(all).map((name) => [name, { $ref: `#/components/messages/${name}` }]),
    ),
    bindings: { ws: { method: 'GET', query: jsonSchema(rlStreamQuery), bindingVersion: '0.1.0' } },
    'x-close-codes': closeCodes,
    'x-required-role': 'viewer',
  }
  const inChannel = (names: readonly string[]) => refs('channels/tradingSignals/messages', names)
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Quantdeck trading signals',
      version: CONTRACT_VERSION,
      description: DESCRIPTION,
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    servers: {
      local: {
        host: 'localhost:{port}',
        protocol: 'ws',
        variables: { port: { default: '8000', description: 'The port that the server prints at its start' } },
        security: refs('components/securitySchemes', ['bearerAuth', 'apiKeyAuth']),
      },
    },
    channels: { tradingSignals: channel },
    operations: {
      sendTradingSignals: {
        action: 'send',
        title: 'What the server sends',
        channel: { $ref: '#/channels/tradingSignals' },
        messages: inChannel([...Object.keys(MESSAGES), 'pong']),
      },
      receivePing: {
        action: 'receive',
        title: 'What a client may send',
        channel: { $ref: '#/channels/tradingSignals' },
        messages: inChannel(['ping']),
      },
    },
    components: {
      messages: all,
      schemas: Object.fromEntries(
        Object.entries(MESSAGES).map(([name, { schema }]) => [name, payload(name, schema)]),
      ),
      securitySchemes: {
        bearerAuth: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        apiKeyAuth: { type: 'httpApiKey', in: 'header', name: 'X-API-Key' },
      },
    },
  }
}
