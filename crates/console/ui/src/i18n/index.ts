import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

import type en from './en';

/** The languages of the console, each under its own name. */
export const LANGUAGES = { en: 'English', 'zh-CN': '简体中文' } as const;

export type Language = keyof typeof LANGUAGES;
export type Texts = typeof en;

const KEPT = 'tollgate.language';

const loaders: Record<Language, () => Promise<{ default: Record<string, object> }>> = {
  en: () => import('./en'),
  'zh-CN': () => import('./zh-CN'),
};

function preferred(): Language {
  const kept = window.localStorage.getItem(KEPT);
  if (kept === 'en' || kept === 'zh-CN') return kept;
  const first = window.navigator.languages.find((tag) => /^(en|zh)/.test(tag));
  return first?.startsWith('zh') ? 'zh-CN' : 'en';
}

async function load(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, 'common')) return;
  const texts = (await loaders[language]()).default;
  for (const [namespace, bundle] of Object.entries(texts)) i18next.addResourceBundle(language, namespace, bundle);
}

/** Starts in the language this browser kept or prefers. */
export async function startTexts(language: Language = preferred()): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    defaultNS: 'common',
    resources: {},
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await load(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

/** Changes it and keeps the choice. */
export async function chooseLanguage(language: Language): Promise<void> {
  await load(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  window.localStorage.setItem(KEPT, language);
}
