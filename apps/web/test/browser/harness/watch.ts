import type { BrowserContext } from 'playwright-core'
import { expect } from 'vitest'

/** Everything of a visit that nobody should meet. */
export class Watch {
  /** Errors of the console, uncaught exceptions, violations of the content security policy. */
  readonly errors: string[] = []
  /** Answers of 400 and above. */
  readonly failures: string[] = []
  /** Whatever was asked of another origin. */
  readonly foreign: string[] = []

  /** Starts the record anew, after a step in which failures belong to the story. */
  forget(): void {
    for (const list of [this.errors, this.failures, this.foreign]) list.length = 0
  }

  expectQuiet(): void {
    expect({ errors: this.errors, failures: this.failures, foreign: this.foreign }).toEqual({
      errors: [],
      failures: [],
      foreign: [],
    })
  }
}

export function watch(context: BrowserContext, origin: string): Watch {
  const watched = new Watch()
  const socketOrigin = origin.replace(/^http/, 'ws')
  const isOwn = (url: string) =>
    [origin, socketOrigin].includes(new URL(url).origin) || /^(data|blob|about):/.test(url)
  const note = (url: string) => {
    if (!isOwn(url)) watched.foreign.push(url)
  }
  // Chromium writes violations of the policy to the console as errors.
  context.on('console', (message) => {
    if (message.type() === 'error') watched.errors.push(message.text())
  })
  context.on('weberror', (error) => watched.errors.push(String(error.error())))
  context.on('request', (request) => note(request.url()))
  context.on('response', (response) => {
    if (response.status() >= 400) watched.failures.push(`${response.status()} ${response.url()}`)
  })
  context.on('page', (page) => {
    page.on('websocket', (socket) => note(socket.url()))
  })
  return watched
}
