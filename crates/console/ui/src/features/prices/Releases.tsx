import { Button, Card, Group, Stack, Text } from '@mantine/core';
import { IconHistory, IconPlayerPlay } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { useActivateRelease, useRelease, useReleases, type PriceRelease } from '@/data/releases';
import { SyncButton } from '@/features/billing/SyncButton';
import { RELEASE_TONES } from '@/features/pricing/tones';
import { Badge } from '@/shared/Badge';
import { useConfirm } from '@/shared/confirm';
import type { Column } from '@/shared/DataTable';
import { count } from '@/shared/format';
import { IfMay } from '@/shared/may';
import { useNotify } from '@/shared/notify';
import { PagedTable } from '@/shared/PagedTable';
import { useLocale } from '@/shared/preferences';
import { Empty } from '@/shared/QueryState';
import { useFilters } from '@/shared/search';
import { useOpen } from '@/shared/useOpen';
import { When } from '@/shared/When';

import { ReleaseDiff } from './ReleaseDiff';

/** Every run of the price sync: what it brought, what waits, and the way back. */
export function Releases() {
  const { t } = useTranslation(['prices', 'domain', 'common']);
  const locale = useLocale();
  const query = useReleases();
  const [search] = useFilters();
  const open = useOpen(search.run);
  const linked = useRelease(search.run ?? null);
  const columns: Column<PriceRelease>[] = [
    {
      id: 'started',
      header: t('started'),
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
    {
      id: 'state',
      header: t('status'),
      onCard: 'aside',
      cell: (run) => (
        <Group gap={4}>
          <Badge tone={RELEASE_TONES[run.state]}>{t(`domain:releaseState.${run.state}`)}</Badge>
          {run.current && <Badge tone="good">{t('current')}</Badge>}
        </Group>
      ),
    },
    { id: 'added', header: t('added'), align: 'right', cell: (run) => count(run.added, locale) },
    { id: 'changed', header: t('changed'), align: 'right', cell: (run) => count(run.changed, locale) },
    { id: 'removed', header: t('removed'), align: 'right', cell: (run) => count(run.removed, locale) },
    {
      id: 'waiting',
      header: t('waiting'),
      align: 'right',
      cell: (run) => (
        <Text span inherit fw={run.waiting > 0 ? 650 : 400} c={run.waiting > 0 ? 'var(--mantine-color-error)' : undefined}>
          {count(run.waiting, locale)}
        </Text>
      ),
    },
    { id: 'version', header: t('version'), align: 'right', cell: (run) => run.price_version ?? t('common:none') },
  ];
  return (
    <Card component="section" aria-label={t('tabs.releases')}>
      <IfMay needs="finance">
        <Group justify="flex-end" mb="md">
          <SyncButton />
        </Group>
      </IfMay>
      <PagedTable
        query={query}
        empty={<Empty icon={IconHistory} title={t('noReleases')} hint={t('noReleasesHint')} />}
        label={t('tabs.releases')}
        columns={columns}
        shown={(runs) => withLinked(runs, linked.data)}
        rowKey={(run) => run.id}
        tone={(run) => (run.state === 'failed' ? 'bad' : run.waiting > 0 ? 'warn' : undefined)}
        expanded={{
          keys: open.keys,
          toggle: open.toggle,
          render: (run) => <Details run={run} isLinked={run.id === search.run} />,
        }}
      />
    </Card>
  );
}

/** The run a link leads to, above those it is too old to be among. */
function withLinked(runs: PriceRelease[], linked: PriceRelease | undefined): PriceRelease[] {
  return linked && !runs.some(({ id }) => id === linked.id) ? [linked, ...runs] : runs;
}

function Details({ run, isLinked }: { run: PriceRelease; isLinked: boolean }) {
  const { t } = useTranslation(['prices', 'common']);
  const notify = useNotify();
  const confirm = useConfirm();
  const activate = useActivateRelease();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isLinked) place.current?.scrollIntoView({ block: 'nearest' });
  }, [isLinked]);
  const canActivate = !run.current && run.content_hash !== null && run.models !== null;
  return (
    <Stack gap="sm" py="xs" ref={place}>
      {run.reason && (
        <Text size="sm" lang="en" className="break">
          {run.reason}
        </Text>
      )}
      {run.alarm && (
        <Text size="sm" lang="en" c="var(--mantine-color-error)" className="break">
          {run.alarm}
        </Text>
      )}
      {canActivate && (
        <IfMay needs="finance">
          <Group>
            <Button
              size="xs"
              variant="default"
              loading={activate.isPending}
              leftSection={<IconPlayerPlay size={14} />}
              onClick={() =>
                confirm({
                  title: t('activate'),
                  text: t('activateHint'),
                  action: t('activate'),
                  onConfirm: () =>
                    activate.mutate(run.id, {
                      onSuccess: ({ price_version }) => notify.done(t('activated', { version: price_version })),
                      onError: notify.failed,
                    }),
                })
              }
            >
              {t('activate')}
            </Button>
          </Group>
        </IfMay>
      )}
      <ReleaseDiff run={run} />
    </Stack>
  );
}
