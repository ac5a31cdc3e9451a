import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Job } from '@/data/jobs';
import { changed } from '@/data/keys';
import { useNotify } from '@/shared/notify';

import { useJobDetail } from './useJobDetail';
import { useJobName } from './useJobName';

/** Keeps an eye on runs that were set off here, and says what came of each. */
export function useFollowedRuns(jobs: readonly Job[] | undefined): (job: Job) => void {
  const { t } = useTranslation('system');
  const nameOf = useJobName();
  const sayDetail = useJobDetail();
  const notify = useNotify();
  const queries = useQueryClient();
  const [followed, setFollowed] = useState<readonly string[]>([]);

  useEffect(() => {
    for (const job of jobs ?? []) {
      const run = job.runs.find(({ id, outcome }) => outcome !== null && followed.includes(id));
      if (!run) continue;
      setFollowed((before) => before.filter((id) => id !== run.id));
      const detail = run.detail === null ? '' : sayDetail(run.detail).text;
      if (run.outcome === 'done') notify.done(t('jobs.finished', { name: nameOf(job), detail }));
      else notify.warn(t('jobs.broke', { name: nameOf(job) }), detail);
      if (job.name === 'price_sync') void changed(queries, 'sync');
    }
  }, [jobs, followed, nameOf, notify, queries, sayDetail, t]);

  return useCallback((job: Job) => {
    const begun = job.runs.find(({ outcome }) => outcome === null);
    if (begun) setFollowed((before) => [...before, begun.id]);
  }, []);
}
