// A process that does nothing but seal, to be killed: `node sealer-process.ts URL`.
import { systemClock } from '@quantdeck/domain'
import { openDatabase } from '../client.ts'
import { startSealer } from '../sealer-loop.ts'

const [url = ''] = process.argv.slice(2)
const db = await openDatabase({ url, maxConnections: 2 })
const sealer = await startSealer(db, {
  clock: systemClock,
  intervalMs: 50,
  onSealed: () => {},
  onError: (error) => process.stderr.write(`${String(error)}\n`),
})
await sealer.flush()
process.stdout.write('sealing\n')
// The interval of the sealer does not keep a process alive.
setInterval(() => {}, 60_000)
