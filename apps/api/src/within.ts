/** What was waited for has not come in time; it may still come. */
export class NotInTime extends Error {
  constructor(ms: number) {
    super(`no answer within ${ms} ms`)
  }
}

/** @throws NotInTime after so many milliseconds, and what the work throws before; the work itself goes on */
export async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NotInTime(ms)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
    // Whoever stopped waiting does not want to hear how it ended.
    work.catch(() => {})
  }
}
