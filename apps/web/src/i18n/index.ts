import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { getPreferences, type Language } from '../lib/preferences.ts'
import { firstEn } from './en/first.ts'
import type { en, Messages } from './en/index.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'deck'
    resources: { deck: typeof en }
    returnNull: false
  }
}

/** The first words of English are in the first chunk; all the rest arrives when somebody reads it. */
const loaders: Record<Language, () => Promise<Messages>> = {
  en: async () => (await import('./en/index.ts')).en,
  es: async () => (await import('./es/index.ts')).es,
}
const whole = new Map<Language, Promise<void>>()

/** Every sentence of a language; asked for once. */
function completeLanguage(language: Language): Promise<void> {
  const known = whole.get(language)
  if (known) return known
  const loading = loaders[language]().then(
    (messages) => void i18next.addResourceBundle(language, 'deck', messages, true, true),
  )
  whole.set(language, loading)
  // Without a connection: the next page asks again.
  loading.catch(() => whole.delete(language))
  return loading
}

export async function loadLanguage(language: Language): Promise<void> {
  await completeLanguage(language)
  await i18next.changeLanguage(language)
}

export async function startI18n(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    defaultNS: 'deck',
    ns: ['deck'],
    resources: { en: { deck: firstEn } },
    interpolation: { escapeValue: false },
    // What was drawn before its words arrived is drawn again with them.
    react: { bindI18nStore: 'added' },
  })
  const { language } = getPreferences()
  if (language !== 'en') await loadLanguage(language)
}

/** Words that come with the code that says them. */
export function addEnglish(messages: Partial<Messages>): void {
  i18next.addResourceBundle('en', 'deck', messages, true, true)
}

/** The code of a page or dialog, once the words for it are there as well. */
export async function withWords<T>(code: Promise<T>): Promise<T> {
  const [module] = await Promise.all([code, completeLanguage(getPreferences().language)])
  return module
}
