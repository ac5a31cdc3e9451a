import { Code, Group, Stack, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import { useReceipt } from '@/data/logs';
import { BillingBadge } from '@/shared/BillingBadge';
import { count } from '@/shared/format';
import { Money } from '@/shared/Money';
import { useLocale } from '@/shared/preferences';
import { QueryState } from '@/shared/QueryState';
import { useMeterName } from '@/shared/useMeterName';

import classes from './Receipt.module.css';

type Attempt = Schemas['ReceiptAttempt'];
type Entry = Schemas['ReceiptEntry'];

/** What a request cost and why, as a formula that can be checked by hand. */
export function Receipt({ requestId }: { requestId: string }) {
  const query = useReceipt(requestId);
  return (
    <QueryState query={query} rows={3}>
      {(receipt) => (
        <Stack gap="md">
          {receipt.attempts.map((attempt) => (
            <AttemptView key={attempt.event_id} attempt={attempt} />
          ))}
        </Stack>
      )}
    </QueryState>
  );
}

function AttemptView({ attempt }: { attempt: Attempt }) {
  const { t } = useTranslation('logs');
  return (
    <section className={classes.attempt} aria-label={t('attemptNumber', { number: attempt.attempt })}>
      <Group justify="space-between" gap="xs" mb={6}>
        <Text size="sm" fw={600}>
          {t('attemptAt', { number: attempt.attempt, upstream: attempt.upstream.name })}
        </Text>
        <Group gap="sm">
          <BillingBadge status={attempt.billing_status} reason={attempt.reason} />
          <Money value={attempt.cost} isNothing={attempt.billing_status === 'no_charge'} exact fw={600} />
        </Group>
      </Group>
      {attempt.detail && (
        <Text size="sm" c="dimmed" lang="en" mb={6} className="break">
          {attempt.detail}
        </Text>
      )}
      {attempt.entries.map((entry) => (
        <EntryView key={entry.revision} entry={entry} />
      ))}
    </section>
  );
}

function EntryView({ entry }: { entry: Entry }) {
  const { t } = useTranslation('logs');
  return (
    <Stack gap={8}>
      {entry.pricing && (
        <Text size="sm" c="dimmed" component="div">
          {t('pricedAs', { model: entry.pricing.priced_as, version: entry.pricing.price_version })} ·{' '}
          {t(`rules.${entry.pricing.rule}`)}
        </Text>
      )}
      {entry.lines.length > 0 ? (
        <Stack gap={4} component="ul" className={classes.lines}>
          {entry.lines.map((line, index) => (
            <li key={index}>
              <Code className={classes.formula}>{line.formula}</Code>
            </li>
          ))}
          {entry.lines.length > 1 && entry.formula && (
            <li>
              <Code className={classes.formula}>{entry.formula}</Code>
            </li>
          )}
        </Stack>
      ) : (
        <Usage entry={entry} />
      )}
    </Stack>
  );
}

/** What was counted, where there is no price to count it with. */
function Usage({ entry }: { entry: Entry }) {
  const { t } = useTranslation(['logs', 'common']);
  const locale = useLocale();
  const meterName = useMeterName();
  const counted = Object.entries(entry.usage ?? {}).filter(([, units]) => units > 0);
  if (counted.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('noUsage')}
      </Text>
    );
  }
  return (
    <Table w="auto" aria-label={t('usage')}>
      <Table.Tbody>
        {counted.map(([meter, units]) => (
          <Table.Tr key={meter}>
            <Table.Td>{meterName(meter)}</Table.Td>
            <Table.Td ta="right" className="tabular">
              {count(units, locale)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
