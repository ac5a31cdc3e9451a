import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import { count } from '@/shared/format';
import { useNotify } from '@/shared/notify';
import { useLocale } from '@/shared/preferences';

interface Answer {
  warnings?: readonly string[];
  backdated: Schemas['Backdated'] | null;
}

/** Passes on what the gateway says about a change that it made: what is doubtful, and what it does not change. */
export function useSaid(): (answer: Answer) => void {
  const { t } = useTranslation('prices');
  const notify = useNotify();
  const locale = useLocale();
  return useCallback(
    ({ warnings = [], backdated }: Answer) => {
      if (warnings.length > 0) notify.warn(t('warnings'), warnings.join(' '));
      if (backdated) {
        const entries = count(backdated.entries, locale);
        notify.done(t(backdated.complete ? 'backdated' : 'backdatedAtLeast', { entries }));
      }
    },
    [locale, notify, t],
  );
}
