import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode, useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { Toaster } from 'sonner'
import { TipProvider } from './components/ui/tip.tsx'
import { loadLanguage, startI18n } from './i18n/index.ts'
import { useIsDark, usePreferences } from './lib/preferences.ts'
import { resumeSession, subscribeSession } from './lib/session.ts'
import { queryClient, trpc, trpcClient } from './lib/trpc.ts'
import { router } from './router.tsx'
import './styles.css'

function App() {
  const dark = useIsDark()
  const { language } = usePreferences()
  useEffect(() => void loadLanguage(language), [language])
  return (
    <trpc.Provider client={trpcClient} queryClient={queryClient}>
      <QueryClientProvider client={queryClient}>
        <TipProvider delayDuration={250}>
          <RouterProvider router={router} />
          <Toaster theme={dark ? 'dark' : 'light'} position="bottom-right" closeButton />
        </TipProvider>
      </QueryClientProvider>
    </trpc.Provider>
  )
}

async function start(): Promise<void> {
  await Promise.all([startI18n(), resumeSession()])
  // A session that ends sends every page to the login, and back to where it was.
  subscribeSession(() => void router.invalidate())
  const element = document.querySelector('#root')
  if (!element) throw new Error('index.html has no #root')
  createRoot(element).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}

void start()
