import { Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { RequestLog } from '@/data/logs';
import { Badge } from '@/shared/Badge';
import { count, duration, rate } from '@/shared/format';
import { useMemberName } from '@/shared/memberName';
import { Money } from '@/shared/Money';
import { useLocale } from '@/shared/preferences';
import { useIsPhone } from '@/shared/useIsPhone';

interface Props {
  row: RequestLog;
}

/** The model asked for and, where it is another, the one that served. */
export function Model({ row }: Props) {
  const { t } = useTranslation('logs');
  const isOther = row.model_served !== null && row.model_served !== row.model_requested;
  const marks = [row.stream && t('stream'), row.attempts > 1 && t('attempts', { count: row.attempts })];
  const beside = marks.filter(Boolean).join(' · ');
  return (
    <>
      <Text size="sm" fw={500} className="break" miw={120}>
        {row.model_requested ?? t('unnamedModel')}
      </Text>
      {isOther && (
        <Text size="xs" c="dimmed" fw={400} className="break">
          {t('servedBy', { model: row.model_served })}
        </Text>
      )}
      {beside !== '' && (
        <Text size="xs" c="dimmed" fw={400}>
          {beside}
        </Text>
      )}
    </>
  );
}

/** Where it went, who asked, and for which team. */
export function Route({ row }: Props) {
  const { t } = useTranslation('common');
  const nameOf = useMemberName();
  const asked = [nameOf({ id: row.key_id, name: row.key_name }), row.team].filter(Boolean).join(' · ');
  return (
    <>
      <Text size="sm" className="break" miw={90}>
        {row.upstream_name ?? t('none')}
      </Text>
      <Text size="xs" c="dimmed" className="break">
        {asked}
      </Text>
    </>
  );
}

/** One below the other in a table, beside each other on a card. */
function Lines({ children }: { children: ReactNode }) {
  const isPhone = useIsPhone();
  return (
    <Group gap={isPhone ? 8 : 0} justify="flex-end" className="tabular nowrap" style={{ rowGap: 0 }}>
      {isPhone ? children : <Stack gap={0} align="flex-end">{children}</Stack>}
    </Group>
  );
}

/** Input, what of it came from a cache, output. */
export function Tokens({ row }: Props) {
  const { t } = useTranslation(['logs', 'common']);
  const locale = useLocale();
  const { tokens } = row;
  if (!tokens) {
    return (
      <Text span inherit c="dimmed">
        {t('common:none')}
      </Text>
    );
  }
  return (
    <Lines>
      <Text size="sm">{t('tokensIn', { tokens: count(tokens.input, locale) })}</Text>
      {tokens.cache_read > 0 && (
        <Text size="xs" c="dimmed">
          {t('tokensCached', { tokens: count(tokens.cache_read, locale) })}
        </Text>
      )}
      <Text size="sm">{t('tokensOut', { tokens: count(tokens.output, locale) })}</Text>
    </Lines>
  );
}

/** How it ended for the caller, how long that took, how soon the first content came and how fast the rest. */
export function Answer({ row }: Props) {
  const { t } = useTranslation(['logs', 'common']);
  const locale = useLocale();
  return (
    <Lines>
      <Group gap={8} wrap="nowrap" justify="flex-end">
        <Status row={row} />
        {row.duration_us !== null && <Text size="sm">{duration(row.duration_us, locale)}</Text>}
      </Group>
      {row.ttft_us !== null && (
        <Text size="xs" c="dimmed">
          {t('ttftShort', { time: duration(row.ttft_us, locale) })}
        </Text>
      )}
      {row.tokens_per_second !== null && (
        <Text size="xs" c="dimmed">
          {t('speedShort', { rate: rate(row.tokens_per_second, locale) })}
        </Text>
      )}
    </Lines>
  );
}

/** What is no success stands out. */
function Status({ row }: Props) {
  const { t } = useTranslation('common');
  const { http_status: status, error_origin: origin } = row;
  if (status === null) return <Badge tone="warn">{t('unknown')}</Badge>;
  if (status >= 400 || origin !== null) return <Badge tone={status >= 500 ? 'bad' : 'warn'}>{status}</Badge>;
  return (
    <Text span size="sm" c="dimmed" className="tabular">
      {status}
    </Text>
  );
}

/** What it cost; beside it what the key's owner pays, where that is something else. */
export function Cost({ row }: Props) {
  const { t } = useTranslation('logs');
  const isNothing = row.billing_status === 'no_charge';
  const isOther = row.charge !== null && row.charge !== row.cost;
  return (
    <>
      <Money value={row.cost} isNothing={isNothing} fw={600} />
      {isOther && (
        <Group gap={4} justify="flex-end" wrap="nowrap" fz="xs" c="dimmed">
          {t('charge')} <Money value={row.charge} fz="xs" c="dimmed" />
        </Group>
      )}
    </>
  );
}
