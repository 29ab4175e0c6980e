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

/** The first words of English are in the first chunk; other languages arrive when somebody reads them. */
const loaders: Record<Exclude<Language, 'en'>, () => Promise<Messages>> = {
  es: async () => (await import('./es/index.ts')).es,
}

export async function loadLanguage(language: Language): Promise<void> {
  if (language !== 'en' && !i18next.hasResourceBundle(language, 'deck')) {
    i18next.addResourceBundle(language, 'deck', await loaders[language]())
  }
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
  })
  await loadLanguage(getPreferences().language)
}

/** The rest of English, which comes with the code of the pages behind the login. */
export function addEnglish(messages: typeof en): void {
  i18next.addResourceBundle('en', 'deck', messages, true, true)
}
