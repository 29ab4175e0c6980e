import type { Access } from '../endpoint.ts'

/** The rl document has no authentication: local or public servers answer its reads without a login. */
export const rlReadAccess: Access = { role: 'viewer', scope: 'read', anonymous: 'rl-public' }
