import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import { useReceipt } from '@/data/logs';
import { BillingBadge } from '@/shared/BillingBadge';
import { count, dateTime } from '@/shared/format';
import { Formula } from '@/shared/Formula';
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
  const locale = useLocale();
  return (
    <Stack gap={8}>
      {entry.pricing && (
        <Text size="sm" c="dimmed" component="div">
          <Pricing pricing={entry.pricing} />
        </Text>
      )}
      {entry.adjustment && (
        <Text size="sm" c="dimmed" className="break">
          {t('adjustedBy', { author: entry.adjustment.author, at: dateTime(entry.recorded_at, locale) })}
          {entry.adjustment.note && ` · ${entry.adjustment.note}`}
        </Text>
      )}
      {entry.zero_reason && (
        <Text size="sm" c="dimmed">
          {t(`zeroReasons.${entry.zero_reason}`)}
        </Text>
      )}
      {entry.lines.length > 0 ? (
        <Formula lines={entry.lines} cost={entry.cost} />
      ) : (
        <Usage entry={entry} />
      )}
      {entry.candidates && entry.candidates.length > 1 && <Candidates candidates={entry.candidates} />}
    </Stack>
  );
}

/** Which rule set the price, by which name, and what went into it. */
function Pricing({ pricing }: { pricing: Schemas['ReceiptPricing'] }) {
  const { t } = useTranslation('logs');
  const locale = useLocale();
  const words = [
    t('pricedAs', { model: pricing.priced_as, version: pricing.price_version }),
    t(`rules.${pricing.rule}`),
    pricing.tier !== 'standard' && t('tier', { tier: pricing.tier }),
    pricing.band_above_tokens !== null && t('band', { tokens: count(pricing.band_above_tokens, locale) }),
    pricing.window && t('window', { window: pricing.window }),
    pricing.multiplier_pattern && t('multiplierOf', { pattern: pricing.multiplier_pattern }),
  ];
  return <>{words.filter(Boolean).join(' · ')}</>;
}

/** Every place that was looked at for a price, the strongest first. */
function Candidates({ candidates }: { candidates: NonNullable<Entry['candidates']> }) {
  const { t } = useTranslation('logs');
  const [isOpen, { toggle }] = useDisclosure(false);
  return (
    <>
      <Group>
        <Button size="compact-xs" variant="subtle" onClick={toggle} aria-expanded={isOpen}>
          {t(isOpen ? 'hideCandidates' : 'showCandidates')}
        </Button>
      </Group>
      {isOpen && (
        <Stack gap={2} component="ol" className={classes.lines} aria-label={t('candidates')}>
          {candidates.map((candidate, index) => (
            <Text key={index} size="xs" component="li" className="break" c={candidate.outcome === 'won' ? undefined : 'dimmed'}>
              {t(`rules.${candidate.rule}`)} · {candidate.name} · <span lang="en">{candidate.why}</span>
            </Text>
          ))}
        </Stack>
      )}
    </>
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
