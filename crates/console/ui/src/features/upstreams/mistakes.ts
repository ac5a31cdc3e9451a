import { modelRules } from './models';

const LONGEST_MODEL = 256;
const MOST_RULES = 1000;

export type UrlMistake = 'url' | 'urlSecret' | 'urlQuery' | 'urlVersion';

/** What is wrong with a base URL; the gateway's rules, as far as they can be told without it. */
export function urlMistake(text: string): UrlMistake | null {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) return 'url';
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return 'urlSecret';
  if (url.hash !== '' || !/^(\?api-version=[\w.-]{1,32})?$/.test(url.search)) return 'urlQuery';
  return /\/v1(beta)?\/*$/.test(url.pathname) ? 'urlVersion' : null;
}

export type ModelMistake = 'star' | 'twice' | 'long' | 'many';

/** What is wrong with the rules, and with which model. */
export function modelsMistake(text: string): { mistake: ModelMistake; model: string } | null {
  const rules = modelRules(text);
  if (rules.length > MOST_RULES) return { mistake: 'many', model: String(rules.length) };
  const seen = new Set<string>();
  for (const { model, send_as } of rules) {
    if (model.slice(0, -1).includes('*')) return { mistake: 'star', model };
    if (model.length > LONGEST_MODEL || (send_as ?? '').length > LONGEST_MODEL) return { mistake: 'long', model };
    if (seen.has(model)) return { mistake: 'twice', model };
    seen.add(model);
  }
  return null;
}

/** A pattern of models: a name, or a beginning followed by a star. */
export function patternMistake(pattern: string, all: readonly string[]): ModelMistake | 'required' | null {
  const name = pattern.trim();
  if (name === '') return 'required';
  if (name.slice(0, -1).includes('*')) return 'star';
  if (name.length > LONGEST_MODEL) return 'long';
  return all.filter((other) => other.trim() === name).length > 1 ? 'twice' : null;
}

/** What a provider is called in the catalog. */
export function isProvider(text: string): boolean {
  return /^[a-z0-9_.-]{1,64}$/.test(text);
}

/** A key as providers hand them out: visible ASCII, no blanks. */
export function isCredential(text: string): boolean {
  return /^[\x21-\x7e]{1,4096}$/.test(text);
}
