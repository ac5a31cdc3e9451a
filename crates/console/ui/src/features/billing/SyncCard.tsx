import { Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { useReleases, type PriceRelease } from '@/data/releases';
import { RELEASE_TONES } from '@/features/pricing/tones';
import { Badge } from '@/shared/Badge';
import { count } from '@/shared/format';
import { IfMay } from '@/shared/may';
import { useLocale } from '@/shared/preferences';
import { StatCard } from '@/shared/StatCard';
import { When } from '@/shared/When';

import { SyncButton } from './SyncButton';

/** When prices were last synced and how that went; a failed run looks failed. */
export function SyncCard() {
  const { t } = useTranslation(['billing', 'domain']);
  const releases = useReleases();
  const last = releases.data?.pages[0]?.items[0];
  return (
    <StatCard
      label={t('lastSync')}
      icon={IconRefresh}
      query={releases}
      value={
        last ? (
          <Badge tone={RELEASE_TONES[last.state]}>{t(`domain:releaseState.${last.state}`)}</Badge>
        ) : (
          <Badge tone="neutral">{t('neverSynced')}</Badge>
        )
      }
      detail={last ? <Result run={last} /> : t('bundledPrices')}
      tone={last?.state === 'failed' ? 'bad' : undefined}
      action={
        <IfMay needs="finance">
          <SyncButton />
        </IfMay>
      }
    />
  );
}

function Result({ run }: { run: PriceRelease }) {
  const { t } = useTranslation(['billing']);
  const locale = useLocale();
  if (run.state === 'running') return <>{t('syncing')}</>;
  const figures = {
    added: count(run.added, locale),
    changed: count(run.changed, locale),
    waiting: count(run.waiting, locale),
  };
  return (
    <>
      <div>
        <When at={run.finished_at ?? run.started_at} relative />
        {run.state !== 'failed' && run.state !== 'unchanged' && <> · {t('syncResult', figures)}</>}
      </div>
      {run.waiting > 0 && <div>{t('syncWaiting', figures)}</div>}
      {run.reason && run.state !== 'success' && run.state !== 'unchanged' && (
        <Text size="xs" lang="en" lineClamp={3} className="break" c={run.state === 'failed' ? 'var(--mantine-color-error)' : 'dimmed'}>
          {run.reason}
        </Text>
      )}
    </>
  );
}
