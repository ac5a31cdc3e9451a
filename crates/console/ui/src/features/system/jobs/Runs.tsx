import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { JobRun } from '@/data/jobs';
import { Badge, type Tone } from '@/shared/Badge';
import { DataTable, type Column } from '@/shared/DataTable';
import { duration } from '@/shared/format';
import { useLocale } from '@/shared/preferences';
import { When } from '@/shared/When';

import { useJobDetail } from './useJobDetail';

const TONES: Record<NonNullable<JobRun['outcome']>, Tone> = { done: 'good', failed: 'bad', interrupted: 'warn' };

export function RunOutcome({ outcome }: { outcome: JobRun['outcome'] }) {
  const { t } = useTranslation('system');
  if (outcome === null) return <Badge tone="info">{t('jobs.states.running')}</Badge>;
  return <Badge tone={TONES[outcome]}>{t(`jobs.outcomes.${outcome}`)}</Badge>;
}

/** What a run did, or why it failed. */
export function Detail({ detail, c }: { detail: string; c?: string }) {
  const { text, lang } = useJobDetail()(detail);
  return (
    <Text size="sm" lang={lang} className="break" c={c}>
      {text}
    </Text>
  );
}

/** How a job's latest runs went, newest first. */
export function Runs({ label, runs }: { label: string; runs: readonly JobRun[] }) {
  const { t } = useTranslation(['system', 'domain', 'common']);
  const locale = useLocale();
  const columns: Column<JobRun>[] = [
    {
      id: 'started',
      header: t('jobs.started'),
      onCard: 'title',
      cell: (run) => (
        <>
          <When at={run.started_at} />
          <Text size="xs" c="dimmed" fw={400}>
            {t(`domain:trigger.${run.trigger}`)} · {run.author}
          </Text>
        </>
      ),
    },
    { id: 'outcome', header: t('jobs.outcome'), onCard: 'aside', cell: (run) => <RunOutcome outcome={run.outcome} /> },
    {
      id: 'took',
      header: t('jobs.took'),
      align: 'right',
      cell: (run) => (
        <span className="nowrap">
          {run.duration_ms === null ? t('common:none') : duration(run.duration_ms * 1000, locale)}
        </span>
      ),
    },
    {
      id: 'detail',
      header: t('jobs.detail'),
      cell: (run) => (run.detail === null ? t('common:none') : <Detail detail={run.detail} />),
    },
  ];
  return (
    <DataTable
      label={label}
      columns={columns}
      rows={runs}
      rowKey={(run) => run.id}
      tone={(run) => (run.outcome === 'failed' ? 'bad' : undefined)}
    />
  );
}
