import { deriveKey, seal, unseal } from '../../auth/secrets.ts'

/** Addresses and signing secrets of webhooks, kept sealed: a copy of the database tells nobody where to post as us. */
export class WebhookVault {
  readonly #key: Buffer

  /** @param secret the installation's own; with another one what is stored cannot be read any more */
  constructor(secret: string) {
    this.#key = deriveKey(secret, 'webhooks')
  }

  seal(text: string): string {
    return seal(this.#key, text)
  }

  /** @returns null if it was sealed with another secret than the present JWT_SECRET */
  open(sealed: string): string | null {
    try {
      return unseal(this.#key, sealed)
    } catch {
      return null
    }
  }
}
