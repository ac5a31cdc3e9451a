import type { TFunction } from 'i18next';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import { oneOf } from '@/shared/search';

/** What came of a run, in words. */
export interface JobDetail {
  text: string;
  /** Set where the gateway's own words stand as they came. */
  lang?: 'en';
}

/** Says a sentence anew with what was found in it, in the order of its groups. */
type Say = (t: TFunction<'system'>, found: readonly [string, string, string]) => string;

/** Sentences of the gateway, and how each is said in the reader's language. */
const SENTENCES: readonly [RegExp, Say][] = [
  [/^there was nothing to do$/, (t) => t('jobs.results.nothing')],
  [/^the gateway was stopped$/, (t) => t('jobs.results.stopped')],
  [/^(?:failed: )?(?:interrupted: )?the process that ran it went away before it ended$/, (t) => t('jobs.results.lost')],
  [/^removed (\d+) rows$/, (t, [rows]) => t('jobs.results.rows', { rows })],
  [/^removed (\d+) request logs$/, (t, [rows]) => t('jobs.results.logs', { rows })],
  [
    /^removed (\d+) request logs and the partitions (.+)$/,
    (t, [rows, names]) => t('jobs.results.logsAndPartitions', { rows, names }),
  ],
  [/^made (.+)$/, (t, [names]) => t('jobs.results.partitions', { names })],
  [
    /^(\d+) settled, (\d+) still going on, (\d+) could not be looked at$/,
    (t, [settled, open, troubled]) => t('jobs.results.looks', { settled, open, troubled }),
  ],
];

/** What a price sync came to; a reason may follow. */
const RELEASE = /^([a-z]+)(?:: (.+))?$/s;
const RELEASE_STATES = ['running', 'success', 'partial', 'unchanged', 'held', 'failed'] as const;

/** Says a run's result in the reader's language; what the console does not know stands as the gateway says it. */
export function useJobDetail(): (detail: string) => JobDetail {
  const { t } = useTranslation('system');
  const { t: domain } = useTranslation('domain');
  return useCallback(
    (detail) => {
      for (const [sentence, say] of SENTENCES) {
        const match = sentence.exec(detail);
        if (match) return { text: say(t, [match[1] ?? '', match[2] ?? '', match[3] ?? '']) };
      }
      const [, name, reason] = RELEASE.exec(detail) ?? [];
      const state = oneOf(RELEASE_STATES, name);
      if (!state) return { text: detail, lang: 'en' };
      const said = domain(`releaseState.${state}`);
      return reason ? { text: `${said} – ${reason}`, lang: 'en' } : { text: said };
    },
    [t, domain],
  );
}
