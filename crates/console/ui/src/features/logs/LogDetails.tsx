import { Button, Code, CopyButton, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconCheck, IconCopy, IconTerminal2 } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { RequestLog } from '@/data/logs';
import { duration } from '@/shared/format';
import { useLocale } from '@/shared/preferences';

import { asCurl } from './curl';
import { Receipt } from './Receipt';

/** Everything about one request: who and how, how long, each attempt with its receipt. */
export function LogDetails({ log }: { log: RequestLog }) {
  const { t } = useTranslation(['logs', 'common', 'domain']);
  const locale = useLocale();
  const time = (us: number | null) => (us === null ? t('common:none') : duration(us, locale));
  return (
    <Stack gap="md" py="xs">
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="sm">
        <Fact label={t('requestId')}>
          <Code className="break">{log.request_id}</Code>
        </Fact>
        <Fact label={t('protocol')}>{t(`domain:protocol.${log.protocol}`)}</Fact>
        <Fact label={t('firstToken')}>{time(log.ttft_us)}</Fact>
        <Fact label={t('duration')}>{time(log.duration_us)}</Fact>
        <Fact label={t('owner')}>{log.owner ?? t('common:none')}</Fact>
      </SimpleGrid>
      {(log.error ?? log.detail) && (
        <Text size="sm" lang="en" className="break" c={log.error ? 'var(--mantine-color-error)' : 'dimmed'}>
          {log.error ?? log.detail}
        </Text>
      )}
      <Receipt requestId={log.request_id} />
      <Group gap="xs">
        <Copy text={asCurl(log, window.location.origin)} label={t('copyCurl')} icon={<IconTerminal2 size={14} />} />
        <Copy text={log.request_id} label={t('copyId')} icon={<IconCopy size={14} />} />
      </Group>
    </Stack>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text size="sm" component="div" className="tabular">
        {children}
      </Text>
    </div>
  );
}

function Copy({ text, label, icon }: { text: string; label: string; icon: ReactNode }) {
  const { t } = useTranslation();
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Button size="xs" variant="default" onClick={copy} leftSection={copied ? <IconCheck size={14} /> : icon}>
          {copied ? t('copied') : label}
        </Button>
      )}
    </CopyButton>
  );
}
