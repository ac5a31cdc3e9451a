import { Group, Stack, Text, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import type { RequestLog } from '@/data/logs';
import { Badge } from '@/shared/Badge';
import { BillingBadge } from '@/shared/BillingBadge';
import { duration } from '@/shared/format';
import { Money } from '@/shared/Money';
import { useLocale } from '@/shared/preferences';

import classes from './Attempts.module.css';

type Attempt = Schemas['LogAttempt'];

interface Props {
  log: RequestLog;
  attempts: readonly Attempt[];
}

/** Each try: why there, what was sent and served, how it ended, and when, drawn to the scale of the whole request. */
export function Attempts({ log, attempts }: Props) {
  const begun = Date.parse(log.occurred_at);
  const ends = attempts.map((attempt) => Date.parse(attempt.ended_at));
  const whole = Math.max((log.duration_us ?? 0) / 1000, ...ends.map((end) => end - begun), 1);
  return (
    <Stack gap="xs" component="ol" className={classes.attempts}>
      {attempts.map((attempt) => (
        <li key={attempt.event_id}>
          <AttemptView attempt={attempt} begun={begun} whole={whole} />
        </li>
      ))}
    </Stack>
  );
}

function AttemptView({ attempt, begun, whole }: { attempt: Attempt; begun: number; whole: number }) {
  const { t } = useTranslation('logs');
  const isGood = attempt.outcome === 'completed' && (attempt.http_status ?? 0) < 400;
  return (
    <Stack gap={6}>
      <Group justify="space-between" gap="xs" align="flex-start">
        <Group gap={8}>
          <Text size="sm" fw={600}>
            {t('attemptAt', { number: attempt.attempt, upstream: attempt.upstream_name })}
          </Text>
          <Badge tone="neutral">{t(`chosen.${attempt.chosen}`)}</Badge>
          <Badge tone={isGood ? 'good' : 'bad'}>
            {t(`outcomes.${attempt.outcome}`)}
            {attempt.http_status !== null && ` · ${attempt.http_status}`}
          </Badge>
        </Group>
        <Group gap="sm" align="flex-start">
          <BillingBadge status={attempt.billing_status} reason={attempt.reason} />
          <Money value={attempt.cost} isNothing={attempt.billing_status === 'no_charge'} fw={600} fz="sm" />
        </Group>
      </Group>
      <Text size="xs" c="dimmed" className="break">
        <Words attempt={attempt} />
      </Text>
      <Bar attempt={attempt} begun={begun} whole={whole} />
    </Stack>
  );
}

function Words({ attempt }: { attempt: Attempt }) {
  const { t } = useTranslation('logs');
  const { model_sent: sent, model_served: served, tier_requested: asked, tier_served: tier } = attempt;
  const words = [
    sent && t('sent', { model: sent }),
    served && served !== sent && t('servedBy', { model: served }),
    (tier ?? asked) && t('tier', { tier: tier ?? asked }),
    t(`usageSources.${attempt.usage_source}`),
    attempt.finish_reason && t('finished', { reason: attempt.finish_reason }),
    attempt.revisions > 1 && t('revisions', { count: attempt.revisions - 1 }),
    attempt.flags.length > 0 && attempt.flags.join(', '),
  ];
  return <>{words.filter(Boolean).join(' · ')}</>;
}

/** Waiting for the first content, then the rest; where it lies in the request. */
function Bar({ attempt, begun, whole }: { attempt: Attempt; begun: number; whole: number }) {
  const { t } = useTranslation('logs');
  const locale = useLocale();
  const share = (ms: number) => `${Math.max(0, Math.min(100, (ms / whole) * 100))}%`;
  const before = Date.parse(attempt.occurred_at) - begun;
  const first = attempt.ttft_us;
  const waited = (first ?? attempt.duration_us) / 1000;
  const rest = attempt.duration_us / 1000 - waited;
  const words = [
    t('dispatchedAfter', { time: duration(Math.max(0, before) * 1000, locale) }),
    first !== null && t('ttftShort', { time: duration(first, locale) }),
    t('tookWhole', { time: duration(attempt.duration_us, locale) }),
  ];
  const told = words.filter(Boolean).join(' · ');
  return (
    <Group gap="sm" wrap="nowrap">
      <Tooltip label={told}>
        <div className={classes.track} aria-hidden>
          <span style={{ width: share(before) }} />
          <span className={classes.waited} style={{ width: share(waited) }} />
          <span className={classes.rest} style={{ width: share(rest) }} />
        </div>
      </Tooltip>
      <Text size="xs" c="dimmed" className="tabular">
        {told}
      </Text>
    </Group>
  );
}
