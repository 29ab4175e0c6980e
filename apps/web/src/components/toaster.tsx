import { Toaster as Base } from 'sonner'
import { useIsDark } from '../lib/preferences.ts'

export function Toaster() {
  return <Base theme={useIsDark() ? 'dark' : 'light'} position="bottom-right" closeButton />
}
