import { Anchor, Code, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import type { UpstreamTest } from '@/data/upstreams';
import { Badge } from '@/shared/Badge';
import { BillingBadge } from '@/shared/BillingBadge';
import { Fact } from '@/shared/Fact';
import { count, duration } from '@/shared/format';
import { Money } from '@/shared/Money';
import { useLocale } from '@/shared/preferences';
import { useMeterName } from '@/shared/useMeterName';

import classes from './TestAnswer.module.css';

/** What would be sent and what it would cost at most. */
export function TestPreview({ test }: { test: UpstreamTest }) {
  const { t } = useTranslation(['upstreams', 'common', 'logs']);
  const { preview } = test;
  return (
    <Stack gap="xs" role="group" aria-label={t('testPreview')}>
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
        <Fact label={t('testAtMost')}>
          <Money value={preview.cost} fw={600} isNothing={preview.billing_status === 'no_charge'} />
        </Fact>
        <Fact label={t('testSentAs')}>{test.model_sent}</Fact>
        <Fact label={t('testPricedBy')}>
          {preview.rule ? `${t(`logs:rules.${preview.rule.rule}`)} · ${preview.rule.priced_as}` : t('common:none')}
        </Fact>
        <Fact label={t('testUsage')}>
          <Usage usage={preview.usage} />
        </Fact>
      </SimpleGrid>
      {preview.cost === null && preview.reason && (
        <Group gap={6}>
          <BillingBadge status={preview.billing_status} reason={preview.reason} />
          <Text size="sm" c="dimmed" lang="en" className="break">
            {preview.detail}
          </Text>
        </Group>
      )}
      {!test.routed && <Badge tone="info">{t('testNotRouted')}</Badge>}
    </Stack>
  );
}

/** How it went: in figures, in the provider's words, and where to find it again. */
export function TestResult({ result }: { result: Schemas['UpstreamTestResult'] }) {
  const { t } = useTranslation(['upstreams', 'common']);
  const locale = useLocale();
  return (
    <Stack gap="xs" role="group" aria-label={t('testResult')}>
      <Group gap="xs">
        <Badge tone={result.ok ? 'good' : 'bad'}>{t(result.ok ? 'testOk' : 'testFailed')}</Badge>
        <BillingBadge status={result.billing_status} reason={result.reason} />
      </Group>
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
        <Fact label={t('testStatus')}>{result.http_status}</Fact>
        <Fact label={t('testDuration')}>{duration(result.duration_us, locale)}</Fact>
        <Fact label={t('testFirst')}>
          {result.ttft_us === null ? t('common:none') : duration(result.ttft_us, locale)}
        </Fact>
        <Fact label={t('testCost')}>
          <Money value={result.cost} fw={600} isNothing={result.billing_status === 'no_charge'} />
        </Fact>
        <Fact label={t('testServed')}>{result.model_served ?? t('common:none')}</Fact>
        <Fact label={t('testUsage')}>
          <Usage usage={result.usage} />
        </Fact>
      </SimpleGrid>
      {(result.error ?? result.detail) && (
        <Text size="sm" lang="en" className="break" c={result.ok ? 'dimmed' : 'var(--mantine-color-error)'}>
          {[result.error, result.detail].filter(Boolean).join(': ')}
        </Text>
      )}
      {result.said !== '' && (
        <>
          <Text size="xs" c="dimmed">
            {t(result.said_is_cut ? 'testSaidCut' : 'testSaid')}
          </Text>
          <Code
            block
            lang="en"
            className="break"
            mah={220}
            style={{ whiteSpace: 'pre-wrap' }}
            tabIndex={0}
            aria-label={t('testSaid')}
          >
            {result.said}
          </Code>
        </>
      )}
      <Anchor
        size="sm"
        renderRoot={(props) => <Link to="/logs" search={{ request: result.request_id }} {...props} />}
      >
        {t('testInLogs')}
      </Anchor>
    </Stack>
  );
}

function Usage({ usage }: { usage: Record<string, number> | null }) {
  const { t } = useTranslation('common');
  const locale = useLocale();
  const meterName = useMeterName();
  const counted = Object.entries(usage ?? {}).filter(([, units]) => units > 0);
  if (counted.length === 0) return <>{t('none')}</>;
  return (
    <>
      {counted.map(([meter, units]) => (
        <span key={meter} className={classes.count}>
          {`${meterName(meter)} ${count(units, locale)}`}
        </span>
      ))}
    </>
  );
}
