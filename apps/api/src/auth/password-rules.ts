import { AppError } from '@quantdeck/domain'

import { isCommonPassword } from './common-passwords.ts'

const MIN_LENGTH = 12

/**
 * Length is what counts, and not being among what is tried first; no rules of composition (NIST SP 800-63B, 5.1.1.2).
 * @throws AppError VALIDATION_ERROR on the field
 */
export function assertGoodPassword(password: string, about: { email: string; field: string }): void {
  const refuse = (message: string) => {
    throw new AppError('VALIDATION_ERROR', 'Invalid request parameters', {
      details: [{ field: about.field, message }],
    })
  }
  if (Array.from(password).length < MIN_LENGTH) refuse(`Must have at least ${MIN_LENGTH} characters`)
  if (isCommonPassword(password, about.email)) refuse('Is one of the passwords that are tried first')
}
