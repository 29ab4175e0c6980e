import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { lazy, StrictMode, Suspense, useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { loadLanguage, startI18n } from './i18n/index.ts'
import { WordsProvider } from './i18n/words.tsx'
import { usePreferences } from './lib/preferences.ts'
import { resumeSession, subscribeSession } from './lib/session.ts'
import { queryClient, trpc, trpcClient } from './lib/trpc.ts'
import { router } from './router.tsx'
import './styles.css'

const Toaster = lazy(async () => ({ default: (await import('./components/toaster.tsx')).Toaster }))

function App() {
  const { language } = usePreferences()
  useEffect(() => void loadLanguage(language), [language])
  return (
    <trpc.Provider client={trpcClient} queryClient={queryClient}>
      <QueryClientProvider client={queryClient}>
        <WordsProvider>
          <RouterProvider router={router} />
        </WordsProvider>
        <Suspense>
          <Toaster />
        </Suspense>
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
