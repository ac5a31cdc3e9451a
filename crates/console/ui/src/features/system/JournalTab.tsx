import { Box, Card, Progress, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconClockHour4, IconDatabaseImport, IconDisc, IconReceiptOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { useJournal, type Journal } from '@/data/journal';
import { Badge, type Tone } from '@/shared/Badge';
import { DataTable, type Column } from '@/shared/DataTable';
import { Fact } from '@/shared/Fact';
import { bytes, count, duration } from '@/shared/format';
import { Block } from '@/shared/Page';
import { useLocale } from '@/shared/preferences';
import { QueryState } from '@/shared/QueryState';
import { oneOf } from '@/shared/search';
import { StatCard } from '@/shared/StatCard';
import { When } from '@/shared/When';

import { Conflicts } from './Conflicts';

const EVERY = 5_000;
const STATES = ['ok', 'stalled', 'full'] as const;
const DURABILITIES = ['process', 'strict'] as const;
const FULL_WAYS = ['refuse', 'serve'] as const;
const TONES: Record<(typeof STATES)[number], Tone> = { ok: 'good', stalled: 'warn', full: 'bad' };
/** From this part of the disk budget on it is worth a look. */
const CROWDED = 80;

/** What stands between a request and the ledger: how far behind it is, and what it could not take. */
export function JournalTab() {
  const { t } = useTranslation('system');
  const query = useJournal({ refetchInterval: EVERY });
  return (
    <Stack gap="md">
      <QueryState query={query} rows={5}>
        {(journal) => (
          <Stack gap="md">
            <Figures journal={journal} />
            <Gaps journal={journal} />
            <Facts journal={journal} />
          </Stack>
        )}
      </QueryState>
      {/* Read at once, shown once it has its place. */}
      <Box display={query.isPending ? 'none' : undefined}>
        <Block title={t('journal.conflicts')} about={t('journal.conflictsAbout')}>
          <Conflicts />
        </Block>
      </Box>
    </Stack>
  );
}

function Figures({ journal }: { journal: Journal }) {
  const { t } = useTranslation('system');
  const locale = useLocale();
  const state = oneOf(STATES, journal.state);
  const used = journal.disk_budget_bytes === 0 ? 0 : (journal.bytes_on_disk / journal.disk_budget_bytes) * 100;
  const lost = journal.gaps.reduce((sum, gap) => sum + gap.attempts, 0);
  return (
    <SimpleGrid cols={{ base: 2, lg: 4 }} spacing={{ base: 'xs', sm: 'md' }}>
      <StatCard
        label={t('journal.waiting')}
        icon={IconDatabaseImport}
        value={count(journal.pending_entries, locale)}
        detail={t('journal.open', { attempts: count(journal.open_attempts, locale) })}
      />
      <StatCard
        label={t('journal.oldest')}
        icon={IconClockHour4}
        value={journal.oldest_pending_at ? <When at={journal.oldest_pending_at} relative /> : t('journal.nothingWaits')}
        detail={
          <Badge tone={state ? TONES[state] : 'neutral'}>{state ? t(`journal.states.${state}`) : journal.state}</Badge>
        }
      />
      <StatCard
        label={t('journal.disk')}
        icon={IconDisc}
        value={bytes(journal.bytes_on_disk, locale)}
        detail={
          <>
            <Progress
              value={used}
              size="sm"
              mt={6}
              mb={4}
              color={used >= CROWDED ? 'red' : 'pine'}
              aria-label={t('journal.disk')}
            />
            {t('journal.budget', { budget: bytes(journal.disk_budget_bytes, locale) })}
          </>
        }
      />
      <StatCard
        label={t('journal.unrecorded')}
        icon={IconReceiptOff}
        value={
          <Text span inherit c={lost > 0 ? 'var(--mantine-color-error)' : undefined}>
            {count(lost, locale)}
          </Text>
        }
        detail={t(lost > 0 ? 'journal.unrecordedHint' : 'journal.noneUnrecorded')}
      />
    </SimpleGrid>
  );
}

/** Stretches of time in which requests were served and not recorded. */
function Gaps({ journal }: { journal: Journal }) {
  const { t } = useTranslation('system');
  const locale = useLocale();
  const columns: Column<Journal['gaps'][number]>[] = [
    { id: 'from', header: t('journal.from'), onCard: 'title', cell: (gap) => <When at={gap.from} /> },
    { id: 'until', header: t('journal.until'), cell: (gap) => <When at={gap.until} /> },
    { id: 'attempts', header: t('journal.attempts'), align: 'right', cell: (gap) => count(gap.attempts, locale) },
    {
      id: 'journal',
      header: t('journal.id'),
      cell: (gap) => <Text size="xs" ff="monospace" className="break">{gap.journal_id}</Text>,
    },
  ];
  if (journal.gaps.length === 0) return null;
  return (
    <Block title={t('journal.gaps')} about={t('journal.gapsAbout')}>
      <DataTable
        label={t('journal.gaps')}
        columns={columns}
        rows={journal.gaps}
        rowKey={(gap) => `${gap.journal_id} ${gap.from}`}
        tone={() => 'bad'}
      />
    </Block>
  );
}

function Facts({ journal }: { journal: Journal }) {
  const { t } = useTranslation(['system', 'common']);
  const locale = useLocale();
  const durability = oneOf(DURABILITIES, journal.durability);
  const whenFull = oneOf(FULL_WAYS, journal.when_full);
  const yesNo = (is: boolean) => t(is ? 'journal.yes' : 'journal.no');
  return (
    <Card component="section" aria-label={t('journal.details')}>
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 4 }} spacing="md">
        <Fact label={t('journal.durability')}>{durability ? t(`journal.durabilities.${durability}`) : journal.durability}</Fact>
        <Fact label={t('journal.whenFull')}>{whenFull ? t(`journal.fullWays.${whenFull}`) : journal.when_full}</Fact>
        <Fact label={t('journal.retention')}>{t('journal.hours', { count: journal.retention_hours })}</Fact>
        <Fact label={t('journal.segments')}>{count(journal.segments, locale)}</Fact>
        <Fact label={t('journal.last')}>{count(journal.last_position, locale)}</Fact>
        <Fact label={t('journal.durable')}>{count(journal.durable_position, locale)}</Fact>
        <Fact label={t('journal.committed')}>{count(journal.committed_position, locale)}</Fact>
        <Fact label={t('journal.queued')}>{bytes(journal.queued_bytes, locale)}</Fact>
        <Fact label={t('journal.syncs')}>
          {count(journal.syncs, locale)}
          {journal.sync_failures > 0 && (
            <Text size="sm" c="var(--mantine-color-error)">
              {t('journal.syncFailures', { failures: count(journal.sync_failures, locale) })}
            </Text>
          )}
        </Fact>
        <Fact label={t('journal.lastSync')}>
          {journal.last_sync_at ? <When at={journal.last_sync_at} relative /> : t('common:none')}
        </Fact>
        <Fact label={t('journal.writing')}>{duration(journal.writing_for_us, locale)}</Fact>
        <Fact label={t('journal.refused')}>{count(journal.refused, locale)}</Fact>
        <Fact label={t('journal.reserve')}>{yesNo(journal.reserve_held)}</Fact>
        <Fact label={t('journal.id')}>
          <Text size="xs" ff="monospace" className="break" component="span">
            {journal.id}
          </Text>
        </Fact>
      </SimpleGrid>
    </Card>
  );
}
