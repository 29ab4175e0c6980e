import type { Row } from '../state.ts'
import type { Deviation } from './deviation.ts'

const isType = (type: string) => (message: Row) => message['type'] === type
const inData = (type: string, bend: (data: Row) => void) => (message: Row) => {
  if (isType(type)(message)) bend(message['data'] as Row)
  return message
}

/** The WebSocket. */
export const stream: readonly Deviation[] = [
  {
    name: 'heartbeats without connected_clients',
    caughtBy: 'stream.heartbeat',
    message: inData('heartbeat', (data) => delete data['connected_clients']),
  },
  {
    name: 'heartbeats that count nobody',
    caughtBy: 'stream.heartbeat',
    message: inData('heartbeat', (data) => (data['connected_clients'] = 0)),
  },
  {
    name: 'no heartbeat',
    caughtBy: 'stream.heartbeat',
    message: (message) => (isType('heartbeat')(message) ? null : message),
  },
  {
    name: 'a market status without its type',
    caughtBy: 'stream.connect',
    message: (message) => (isType('market_status')(message) ? { ...message, type: 'market' } : message),
  },
  {
    name: 'no market status on connect',
    caughtBy: 'stream.market-status-first',
    message: (message) => (isType('market_status')(message) ? null : message),
  },
  { name: 'pong as JSON', caughtBy: 'stream.ping', pong: '{"type":"heartbeat"}' },
  {
    name: 'signals without a price',
    caughtBy: 'stream.snapshot',
    message: inData('signal', (data) => delete data['price']),
  },
  {
    name: 'snapshot ignored',
    caughtBy: 'stream.snapshot',
    streamQuery: (query) => query.delete('snapshot'),
  },
  {
    name: 'old signals to everybody',
    caughtBy: 'stream.no-snapshot',
    streamQuery: (query) => {
      if (!query.has('since')) query.set('since', '0')
    },
  },
  { name: 'since ignored', caughtBy: 'stream.since', streamQuery: (query) => query.delete('since') },
  {
    name: 'since that is inclusive',
    caughtBy: 'stream.since',
    streamQuery: (query) => {
      const since = Number(query.get('since'))
      if (since > 0) query.set('since', String(since - 1))
    },
  },
  {
    name: 'a replay that skips the first',
    caughtBy: 'stream.since',
    greeting: ([market = {}, _skipped, ...rest]) => [market, ...rest],
  },
  {
    name: 'an invalid since is ignored',
    caughtBy: 'stream.since-invalid',
    streamQuery: (query) => {
      if (!/^\d+$/.test(query.get('since') ?? '')) query.delete('since')
    },
  },
  {
    name: 'an unknown stream is a bad request',
    caughtBy: 'stream.unknown-path',
    refusal: (refusal) => ({ ...refusal, status: 400 }),
  },
  {
    name: 'a refused stream in the v1 format',
    caughtBy: 'stream.unknown-path',
    refusalBody: { error: { code: 'NOT_FOUND', message: 'x', details: [] }, request_id: 'x' },
  },
]
