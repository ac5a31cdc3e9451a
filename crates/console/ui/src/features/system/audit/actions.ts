import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import type { Tone } from '@/shared/Badge';
import { oneOf } from '@/shared/search';

/** What can be done to which kind of thing, as the gateway writes it: `kind.verb`. */
export const VERBS = {
  upstream: ['create', 'update', 'delete', 'test'],
  key: ['create', 'update', 'rotate', 'delete'],
  override: ['create', 'update', 'delete'],
  alias: ['create', 'update', 'delete'],
  price_sync: ['start'],
  price_release: ['accept', 'reject', 'activate'],
  stale_price: ['remove'],
  attention: ['update'],
  job: ['run', 'pause', 'resume'],
  token: ['create', 'update', 'rotate', 'revoke'],
  session: ['create', 'delete'],
} as const;

export type Kind = keyof typeof VERBS;
export const KINDS = Object.keys(VERBS) as Kind[];

const ALL_VERBS = [
  'create',
  'update',
  'delete',
  'test',
  'rotate',
  'revoke',
  'start',
  'accept',
  'reject',
  'activate',
  'remove',
  'run',
  'pause',
  'resume',
] as const;
type Verb = (typeof ALL_VERBS)[number];

const TONES: Partial<Record<Verb, Tone>> = {
  create: 'good',
  accept: 'good',
  delete: 'bad',
  revoke: 'bad',
  remove: 'bad',
  reject: 'warn',
  rotate: 'warn',
  pause: 'warn',
};

export function toneOf(action: string): Tone {
  const verb = oneOf(ALL_VERBS, action.split('.')[1]);
  return (verb && TONES[verb]) ?? 'info';
}

interface Words {
  kind: (kind: string) => string;
  /** Signing in and out are verbs of their own. */
  verb: (action: string) => string;
}

/** Kinds and deeds in the reader's language; what the console does not know goes by its own name. */
export function useWords(): Words {
  const { t } = useTranslation('system');
  return useMemo(
    () => ({
      kind: (kind) => {
        const known = oneOf(KINDS, kind);
        return known ? t(`audit.kinds.${known}`) : kind;
      },
      verb: (action) => {
        if (action === 'session.create') return t('audit.signedIn');
        if (action === 'session.delete') return t('audit.signedOut');
        const verb = action.slice(action.indexOf('.') + 1);
        const known = oneOf(ALL_VERBS, verb);
        return known ? t(`audit.verbs.${known}`) : verb;
      },
    }),
    [t],
  );
}
