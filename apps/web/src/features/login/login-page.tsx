import { useNavigate, useSearch } from '@tanstack/react-router'
import { Check, KeyRound } from 'lucide-react'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { TextField } from '../../components/ui/field.tsx'
import { Alert } from '../../components/ui/alert.tsx'
import { Button } from '../../components/ui/button.tsx'
import { problemText, toProblem, type Problem } from '../../lib/errors.ts'
import { formatCountdown } from '../../lib/format.ts'
import { login, loginWithLink } from '../../lib/session.ts'
import { safeNext } from '../../router.tsx'
import { Brand } from '../../shell/brand.tsx'
import { LanguageToggle, ThemeToggle } from '../../shell/toggles.tsx'

export function LoginPage() {
  const { t } = useTranslation()
  useEffect(() => {
    document.title = `${t('login.title')} · Quantdeck`
  }, [t])
  return (
    <div className="grid min-h-dvh lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)]">
      <div className="flex flex-col px-5 py-5 sm:px-10">
        <header className="flex items-center justify-between">
          <Brand />
          <span className="flex">
            <LanguageToggle />
            <ThemeToggle />
          </span>
        </header>
        <main className="mx-auto flex w-full max-w-sm flex-1 flex-col justify-center py-10">
          <h1 className="text-2xl font-semibold tracking-tight">{t('login.title')}</h1>
          <p className="mt-1.5 mb-6 text-sm text-muted">{t('login.intro')}</p>
          <LoginForm />
        </main>
      </div>
      <Pitch />
    </div>
  )
}

function useEnter(): () => void {
  const { next } = useSearch({ from: '/login' })
  const navigate = useNavigate()
  return () => void navigate({ href: safeNext(next), replace: true })
}

function LoginForm() {
  const { t } = useTranslation()
  const { token } = useSearch({ from: '/login' })
  const enter = useEnter()
  const [pending, setPending] = useState(token !== undefined)
  const [problem, setProblem] = useState<Problem | 'link' | null>(null)
  const linkTried = useRef(false)

  useEffect(() => {
    // The link works once: React's double effects in development must not spend it twice.
    if (token === undefined || linkTried.current) return
    linkTried.current = true
    loginWithLink(token)
      .then(enter)
      .catch(() => {
        setProblem('link')
        setPending(false)
      })
  }, [token, enter])

  async function submit(form: FormData): Promise<void> {
    setPending(true)
    setProblem(null)
    try {
      await login(text(form, 'email').trim(), text(form, 'password'))
      enter()
    } catch (error) {
      setProblem(toProblem(error))
      setPending(false)
    }
  }

  if (token !== undefined && pending) {
    return (
      <p role="status" className="flex items-center gap-2 text-sm">
        <KeyRound aria-hidden className="size-4 animate-pulse" /> {t('login.link')}
      </p>
    )
  }
  return <Fields pending={pending} problem={problem} onSubmit={(form) => void submit(form)} />
}

function text(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}

interface FieldsProps {
  pending: boolean
  problem: Problem | 'link' | null
  onSubmit: (form: FormData) => void
}

function Fields({ pending, problem, onSubmit }: FieldsProps) {
  const { t } = useTranslation()
  const [missing, setMissing] = useState<{ email: boolean; password: boolean }>({
    email: false,
    password: false,
  })
  const [shown, setShown] = useState(false)
  const [caps, setCaps] = useState(false)
  const wait = useCountdown(problem === 'link' ? undefined : problem?.retryAfterSeconds)
  const watchCaps = (event: KeyboardEvent) => setCaps(event.getModifierState('CapsLock'))
  return (
    <form
      noValidate
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault()
        const form = new FormData(event.currentTarget)
        const lacks = { email: text(form, 'email').trim() === '', password: text(form, 'password') === '' }
        setMissing(lacks)
        if (!lacks.email && !lacks.password) onSubmit(form)
      }}
    >
      {problem !== null && (
        <Alert>
          {problem === 'link'
            ? t('login.linkFailed')
            : wait > 0
              ? t('login.retryAfter', { time: formatCountdown(wait) })
              : problemText(
                  problem.code === 'UNAUTHORIZED' ? { ...problem, code: 'INVALID_CREDENTIALS' } : problem,
                  t,
                )}
        </Alert>
      )}
      <TextField
        label={t('login.email')}
        name="email"
        type="email"
        autoComplete="username"
        inputMode="email"
        className="h-10"
        error={missing.email ? t('login.emailNeeded') : undefined}
      />
      <TextField
        label={t('login.password')}
        name="password"
        type={shown ? 'text' : 'password'}
        autoComplete="current-password"
        className="h-10"
        onKeyUp={watchCaps}
        error={missing.password ? t('login.passwordNeeded') : undefined}
        hint={caps ? t('login.caps') : undefined}
        suffix={
          <button
            type="button"
            aria-label={shown ? t('login.hidePassword') : t('login.showPassword')}
            onClick={() => setShown(!shown)}
            className="h-8 rounded px-2 font-medium hover:text-ink"
          >
            {shown ? t('login.hide') : t('login.show')}
          </button>
        }
      />
      <Button type="submit" variant="primary" className="h-10 w-full" pending={pending} disabled={wait > 0}>
        {t('login.submit')}
      </Button>
      <p className="text-xs text-muted">{t('login.forgot')}</p>
    </form>
  )
}

function useCountdown(seconds: number | undefined): number {
  const [left, setLeft] = useState(0)
  useEffect(() => setLeft(seconds ?? 0), [seconds])
  useEffect(() => {
    if (left <= 0) return
    const timer = setTimeout(() => setLeft(left - 1), 1_000)
    return () => clearTimeout(timer)
  }, [left])
  return left
}

const CURVE =
  'M0 210 L28 196 L52 204 L80 172 L104 182 L130 150 L158 164 L184 128 L212 138 L240 112 L262 124 L290 92 L318 104 L344 74 L372 88 L400 58 L428 70 L456 40 L484 52 L512 24'

/** Decoration and three sentences; nothing here is needed to log in. */
function Pitch() {
  const { t } = useTranslation()
  return (
    <aside className="relative hidden overflow-hidden bg-[#0b0f14] p-14 text-white lg:flex lg:flex-col lg:justify-end">
      <svg
        aria-hidden
        viewBox="0 0 512 260"
        preserveAspectRatio="none"
        className="absolute inset-x-0 top-16 h-[46%] w-full"
      >
        <defs>
          <linearGradient id="fill" x1="0" x2="0" y1="0" y2="1">
            <stop offset="0" stopColor="#60a5fa" stopOpacity="0.35" />
            <stop offset="1" stopColor="#60a5fa" stopOpacity="0" />
          </linearGradient>
        </defs>
        {[40, 90, 140, 190, 240].map((y) => (
          <path
            key={y}
            d={`M0 ${y}H512`}
            stroke="#1a222d"
            strokeWidth="1"
            vectorEffect="non-scaling-stroke"
          />
        ))}
        <path d={`${CURVE} V260 H0 Z`} fill="url(#fill)" />
        <path d={CURVE} fill="none" stroke="#60a5fa" strokeWidth="2" vectorEffect="non-scaling-stroke" />
      </svg>
      <p className="relative max-w-md text-2xl leading-snug font-semibold tracking-tight">
        {t('login.pitch')}
      </p>
      <ul className="relative mt-5 space-y-2 text-sm text-[#a1a1aa]">
        {[t('login.point1'), t('login.point2'), t('login.point3')].map((point) => (
          <li key={point} className="flex items-center gap-2.5">
            <Check aria-hidden className="size-4 text-[#4ade80]" /> {point}
          </li>
        ))}
      </ul>
    </aside>
  )
}
