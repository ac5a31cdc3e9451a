import { Anchor, Code, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconLink, IconTerminal2 } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { useLog, type RequestLog } from '@/data/logs';
import { Copy } from '@/shared/Copy';
import { Fact } from '@/shared/Fact';
import { dateTime, duration, rate } from '@/shared/format';
import { useLocale } from '@/shared/preferences';
import { QueryState } from '@/shared/QueryState';

import { Attempts } from './Attempts';
import { asCurl } from './curl';
import { Receipt } from './Receipt';
import { Routing } from './Routing';
import { Section } from './Section';
import { TokenSplit } from './TokenSplit';

/** Everything about one request: what was used, what it cost and why, where it went and how long that took. */
export function LogDetails({ log }: { log: RequestLog }) {
  const { t } = useTranslation('logs');
  const query = useLog(log.request_id);
  const link = `${window.location.origin}/logs?request=${log.request_id}`;
  return (
    <Stack gap="md" py="xs">
      <Facts log={log} />
      {(log.error ?? log.detail) && (
        <Text size="sm" lang="en" className="break" c={log.error ? 'var(--mantine-color-error)' : 'dimmed'}>
          {log.error ?? log.detail}
        </Text>
      )}
      {log.tokens && (
        <Section title={t('usage')}>
          <TokenSplit tokens={log.tokens} />
        </Section>
      )}
      <Section title={t('receipt')}>
        <Receipt requestId={log.request_id} />
      </Section>
      <QueryState query={query} rows={3}>
        {(detail) => (
          <>
            {detail.routing && (
              <Section title={t('routing')} about={t('routingAbout')}>
                <Routing routing={detail.routing} />
              </Section>
            )}
            {detail.attempts.length > 0 && (
              <Section title={t('attemptsTitle')}>
                <Attempts log={log} attempts={detail.attempts} />
              </Section>
            )}
          </>
        )}
      </QueryState>
      <Group gap="xs">
        <Copy text={asCurl(log, window.location.origin)} label={t('copyCurl')} icon={<IconTerminal2 size={14} />} />
        <Copy text={log.request_id} label={t('copyId')} />
        <Copy text={link} label={t('copyLink')} icon={<IconLink size={14} />} />
      </Group>
    </Stack>
  );
}

function Facts({ log }: { log: RequestLog }) {
  const { t } = useTranslation(['logs', 'common', 'domain']);
  const locale = useLocale();
  const none = t('common:none');
  const time = (us: number | null) => (us === null ? none : duration(us, locale));
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="sm">
      <Fact label={t('requestId')}>
        <Anchor
          renderRoot={(props) => <Link to="/logs" search={{ request: log.request_id }} {...props} />}
          size="xs"
          ff="monospace"
        >
          {log.request_id}
        </Anchor>
      </Fact>
      {log.caller_request_id && (
        <Fact label={t('callerId')}>
          <Code>{log.caller_request_id}</Code>
        </Fact>
      )}
      <Fact label={t('protocol')}>
        {t(`domain:protocol.${log.protocol}`)}
        {log.path && (
          <Text size="xs" c="dimmed">
            {log.path}
          </Text>
        )}
      </Fact>
      <Fact label={t('admitted')}>{dateTime(log.occurred_at, locale)}</Fact>
      <Fact label={t('firstToken')}>{time(log.ttft_us)}</Fact>
      <Fact label={t('duration')}>{time(log.duration_us)}</Fact>
      <Fact label={t('tokensPerSecond')}>
        {log.tokens_per_second === null ? none : rate(log.tokens_per_second, locale)}
      </Fact>
      <Fact label={t('owner')}>{log.owner ?? none}</Fact>
      <Fact label={t('team')}>{log.team ?? none}</Fact>
      <Fact label={t('modelServed')}>{log.model_served ?? none}</Fact>
      <Fact label={t('finishReason')}>{log.finish_reason ?? none}</Fact>
      {log.error_origin && <Fact label={t('errorOf')}>{t(`origins.${log.error_origin}`)}</Fact>}
    </SimpleGrid>
  );
}
