import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { RecentEntry } from '@/data/recent';
import { Badge } from '@/shared/Badge';
import { BillingBadge } from '@/shared/BillingBadge';
import type { Column } from '@/shared/DataTable';
import { compactCount } from '@/shared/format';
import { useMemberName } from '@/shared/memberName';
import { Money } from '@/shared/Money';
import { useLocale } from '@/shared/preferences';
import { When } from '@/shared/When';

/** What a ledger entry says in one line. */
export function useEntryColumns(): Column<RecentEntry>[] {
  const { t } = useTranslation(['billing', 'common', 'domain']);
  const locale = useLocale();
  const nameOf = useMemberName();
  return [
    { id: 'time', header: t('time'), onCard: 'aside', cell: (row) => <When at={row.occurred_at} /> },
    {
      id: 'model',
      header: t('common:model'),
      onCard: 'title',
      cell: (row) => {
        const { model_served: served } = row.entry.outcome;
        return (
          <>
            <Text size="sm" fw={500} className="break">
              {served ?? row.model_sent ?? row.model_requested ?? t('unnamedModel')}
            </Text>
            {row.model_requested && served && row.model_requested !== served && (
              <Text size="xs" c="dimmed" fw={400} className="break">
                {t('asked', { model: row.model_requested })}
              </Text>
            )}
          </>
        );
      },
    },
    {
      id: 'upstream',
      header: t('common:upstream'),
      cell: (row) => (
        <>
          <span className="break">{row.upstream_name}</span>
          {row.attempt > 1 && (
            <Text size="xs" c="dimmed">
              {t('attemptNumber', { number: row.attempt })}
            </Text>
          )}
        </>
      ),
    },
    { id: 'key', header: t('key'), cell: (row) => <span className="break">{nameOf({ id: row.key_id, name: row.key_name })}</span> },
    {
      id: 'tokens',
      header: t('tokens'),
      align: 'right',
      cell: (row) => {
        const { usage, usage_source } = row.entry;
        return (
          <>
            <span className="nowrap">
              {usage ? t('inOut', tokensOf(usage, (units) => compactCount(units, locale))) : t('common:unknown')}
            </span>
            {(usage_source === 'estimated' || usage_source === 'partial') && (
              <div>
                <Badge tone="warn">{t(`usageSource.${usage_source}`)}</Badge>
              </div>
            )}
          </>
        );
      },
    },
    {
      id: 'status',
      header: t('billingStatus'),
      cell: (row) => (
        <>
          <BillingBadge status={row.entry.billing_status} reason={row.entry.reason} />
          {row.entry.kind !== 'usage' && <Badge tone="info">{t('adjustment')}</Badge>}
        </>
      ),
    },
    {
      id: 'cost',
      header: t('cost'),
      align: 'right',
      cell: (row) => (
        <Money value={row.entry.cost} isNothing={row.entry.billing_status === 'no_charge'} fw={600} />
      ),
    },
    {
      id: 'charge',
      header: t('charge'),
      align: 'right',
      cell: (row) => <Money value={row.entry.charge} isNothing={row.entry.billing_status === 'no_charge'} />,
    },
  ];
}

const INPUT = /^(input|cache_read|explicit_cache_read|cache_write_5m|cache_write_1h|audio_input|audio_cache_read|image_input|image_cache_read|video_input|audio_cache_write)$/;
const OUTPUT = /^(output|reasoning|audio_output|image_output|video_output|citation)$/;

/** Tokens in and out of a usage vector, each unit of which is counted once. */
export function tokensOf(usage: Record<string, number>, text: (units: number) => string) {
  const sum = (of: RegExp) =>
    Object.entries(usage).reduce((total, [meter, units]) => (of.test(meter) ? total + units : total), 0);
  return { input: text(sum(INPUT)), output: text(sum(OUTPUT)) };
}
