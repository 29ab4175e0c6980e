import type { ExternalToast } from 'sonner'

/** Toasts come with the first message, not with the first page. */
const load = () => import('sonner')

export function toastSuccess(message: string, options?: ExternalToast): void {
  void load().then(({ toast }) => toast.success(message, options))
}

export function toastError(message: string, options?: ExternalToast): void {
  void load().then(({ toast }) => toast.error(message, options))
}

export async function copyText(text: string, done: string): Promise<void> {
  await navigator.clipboard.writeText(text)
  toastSuccess(done)
}
