import { SimpleGrid } from '@mantine/core';
import { IconRefreshDot } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { useJobs } from '@/data/jobs';
import { Empty, QueryState } from '@/shared/QueryState';

import { JobCard } from './JobCard';
import classes from './Jobs.module.css';
import { useFollowedRuns } from './useFollowedRuns';

/** What is done in the background, when next, how it went, and the way to have it done now. */
export function JobsTab() {
  const { t } = useTranslation('system');
  const query = useJobs();
  const follow = useFollowedRuns(query.data?.items);
  return (
    <QueryState
      query={query}
      rows={6}
      isEmpty={(data) => data.items.length === 0}
      empty={<Empty icon={IconRefreshDot} title={t('jobs.none')} />}
    >
      {(data) => (
        <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md" className={classes.cards}>
          {data.items.map((job) => (
            <JobCard key={job.name} job={job} onStarted={follow} />
          ))}
        </SimpleGrid>
      )}
    </QueryState>
  );
}
