import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import type { Job } from '@/data/jobs';
import { oneOf } from '@/shared/search';

const KNOWN = ['price_sync', 'partition_maintenance', 'access_cleanup', 'log_retention', 'deferred_usage'] as const;

/** A job's name in the reader's language; one the console does not know goes by its own. */
export function useJobName(): (job: Pick<Job, 'name'>) => string {
  const { t } = useTranslation('system');
  return useCallback(
    ({ name }) => {
      const known = oneOf(KNOWN, name);
      return known ? t(`jobs.names.${known}`) : name;
    },
    [t],
  );
}

/** What it does, likewise. */
export function useJobAbout(): (job: Pick<Job, 'name' | 'description'>) => string {
  const { t } = useTranslation('system');
  return useCallback(
    ({ name, description }) => {
      const known = oneOf(KNOWN, name);
      return known ? t(`jobs.abouts.${known}`) : description;
    },
    [t],
  );
}
