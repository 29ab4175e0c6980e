import { run } from '../../src/run.ts'
import { RemoteBroker } from './remote-broker.ts'

// The real server with a broker of another process, whose URL is the only argument.
const url = process.argv[2] ?? ''
process.exitCode = await run({ openBroker: () => new RemoteBroker(url) })
