import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

import type first from './en';
import type rest from './en.rest';

/** The languages of the console, each under its own name. */
export const LANGUAGES = { en: 'English', 'zh-CN': '简体中文' } as const;

export type Language = keyof typeof LANGUAGES;
export type Texts = typeof first & typeof rest;

/** What the first view needs, and what comes with the other pages: who looks at one page does not load all texts. */
export const PARTS = ['first', 'rest'] as const;
export type Part = (typeof PARTS)[number];

const KEPT = 'tollgate.language';

type Loader = () => Promise<{ default: Record<string, object> }>;
const loaders: Record<Language, Record<Part, Loader>> = {
  en: { first: () => import('./en'), rest: () => import('./en.rest') },
  'zh-CN': { first: () => import('./zh-CN'), rest: () => import('./zh-CN.rest') },
};

/** The language last chosen, which may still be on its way, and the parts that are needed. */
let chosen: Language = 'en';
let needed: ReadonlySet<Part> = new Set();
const loaded = new Set<string>();

function preferred(): Language {
  const kept = window.localStorage.getItem(KEPT);
  if (kept === 'en' || kept === 'zh-CN') return kept;
  const first = window.navigator.languages.find((tag) => /^(en|zh)/.test(tag));
  return first?.startsWith('zh') ? 'zh-CN' : 'en';
}

async function load(language: Language): Promise<void> {
  const missing = [...needed].filter((part) => !loaded.has(`${language} ${part}`));
  await Promise.all(
    missing.map(async (part) => {
      const texts = (await loaders[language][part]()).default;
      for (const [namespace, bundle] of Object.entries(texts)) i18next.addResourceBundle(language, namespace, bundle);
      loaded.add(`${language} ${part}`);
    }),
  );
}

/** Starts in the language this browser kept or prefers; with all texts, if nothing else is said. */
export async function startTexts(language?: Language, parts: readonly Part[] = PARTS): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language ?? preferred(),
    fallbackLng: false,
    defaultNS: 'common',
    resources: {},
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  loaded.clear();
  needed = new Set(parts);
  await change(language ?? preferred());
}

/** Waits for the texts of all pages, in the language of now and in one that was just chosen. */
export async function allTexts(): Promise<void> {
  needed = new Set(PARTS);
  await Promise.all([load(i18next.language as Language), load(chosen)]);
}

/** Changes it and keeps the choice. */
export async function chooseLanguage(language: Language): Promise<void> {
  await change(language);
  window.localStorage.setItem(KEPT, language);
}

async function change(language: Language): Promise<void> {
  chosen = language;
  await load(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}
