import { Button, Progress, Skeleton, Stack, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useRelease, useReleases, useStartSync, type PriceRelease } from '@/data/releases';
import { Badge, type Tone } from '@/shared/Badge';
import { count } from '@/shared/format';
import { useNotify } from '@/shared/notify';
import { useLocale } from '@/shared/preferences';
import { StatCard } from '@/shared/StatCard';
import { When } from '@/shared/When';

const TONES: Record<PriceRelease['state'], Tone> = {
  running: 'info',
  success: 'good',
  unchanged: 'good',
  partial: 'warn',
  held: 'warn',
  failed: 'bad',
};

/** When prices were last synced and how that went; a failed run looks failed. */
export function SyncCard() {
  const { t } = useTranslation(['billing', 'common', 'domain']);
  const notify = useNotify();
  const releases = useReleases();
  const start = useStartSync();
  const [startedId, setStartedId] = useState<string | null>(null);
  const started = useRelease(startedId);
  const last = started.data ?? releases.data?.pages[0]?.items[0];
  const isRunning = last?.state === 'running' || start.isPending;
  useSaidWhenDone(startedId, started.data);

  return (
    <StatCard
      label={t('lastSync')}
      icon={IconRefresh}
      value={
        releases.isPending ? (
          <Skeleton h={34} w={120} />
        ) : last ? (
          <Badge tone={TONES[last.state]}>{t(`domain:releaseState.${last.state}`)}</Badge>
        ) : (
          <Badge tone="neutral">{t('neverSynced')}</Badge>
        )
      }
      detail={last ? <Result run={last} /> : releases.isPending ? null : t('bundledPrices')}
      action={
        <Stack gap="xs">
          {isRunning && <Progress value={100} animated aria-label={t('syncing')} />}
          <Button
            size="xs"
            variant="light"
            leftSection={<IconRefresh size={14} />}
            loading={isRunning}
            onClick={() =>
              start.mutate(
                {},
                { onSuccess: (run) => setStartedId(run.id), onError: notify.failed },
              )
            }
          >
            {t('syncNow')}
          </Button>
        </Stack>
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

/** Says once how the run that was started here went. */
function useSaidWhenDone(startedId: string | null, run: PriceRelease | undefined) {
  const { t } = useTranslation(['billing', 'domain']);
  const notify = useNotify();
  const said = useRef<string | null>(null);
  useEffect(() => {
    if (!startedId || !run || run.state === 'running' || said.current === startedId) return;
    said.current = startedId;
    notify.done(t('syncDone', { state: t(`domain:releaseState.${run.state}`) }));
  }, [notify, run, startedId, t]);
}
