import type { FuzzServer } from './server.ts'
import type { Target } from './targets.ts'

/** Ends the session that asks. */
const ENDS_SESSION = /^(?:logout|logout_all|change_password)$/

/** Whom each operation is asked for: an admin, but for what ends sessions or uses tokens up. */
export class Credentials {
  readonly #server: FuzzServer
  readonly #kept = new Map<string, Promise<string>>()
  /** Sessions opened so far: opening one writes rows. */
  opened = 0

  constructor(server: FuzzServer) {
    this.#server = server
  }

  /**
   * @param isOnce what it stands for may be used up by this request
   */
  async headersFor({ id, name }: Target, isOnce: boolean): Promise<Record<string, string>> {
    if (name.startsWith('session.')) {
      const cookie = isOnce && name !== 'session.login' ? await this.#open('refresh') : 'none'
      return { 'x-quantdeck': '1', cookie: `qd_refresh=${cookie}` }
    }
    const kind = id === 'refresh_token' ? 'refresh' : ENDS_SESSION.test(id) ? 'risk' : 'admin'
    const isFresh = isOnce && kind !== 'admin'
    return { authorization: `Bearer ${await (isFresh ? this.#open(kind) : this.#keep(kind))}` }
  }

  /** After a 401: whatever it was has ended. */
  forget(): void {
    this.#kept.clear()
  }

  #keep(kind: Kind): Promise<string> {
    const kept = this.#kept.get(kind) ?? this.#open(kind)
    this.#kept.set(kind, kept)
    return kept
  }

  #open(kind: Kind): Promise<string> {
    this.opened += 1
    const { remote } = this.#server
    return kind === 'refresh' ? remote.refreshToken() : remote.enter(kind)
  }
}

type Kind = 'refresh' | 'risk' | 'admin'
