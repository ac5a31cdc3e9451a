import { Anchor, Card, Group, SimpleGrid, Stack } from '@mantine/core';
import { IconClipboardText } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { useVersion, type Version } from '@/data/system';
import { Copy } from '@/shared/Copy';
import { Fact } from '@/shared/Fact';
import { Block } from '@/shared/Page';
import { useLocale } from '@/shared/preferences';
import { QueryState } from '@/shared/QueryState';
import { When } from '@/shared/When';

import { span } from '@/shared/span';

const LINKS = [
  ['reference', '/api/docs'],
  ['document', '/api/openapi.json'],
  ['health', '/healthz'],
  ['readiness', '/readyz'],
  ['metrics', '/metrics'],
] as const;

/** What runs, on what, since when; and what it has to say to programs. */
export function VersionTab() {
  const { t } = useTranslation('system');
  const query = useVersion();
  return (
    <Stack gap="md">
      <QueryState query={query} rows={5}>
        {(version) => <Facts version={version} />}
      </QueryState>
      {!query.isPending && (
        <Block title={t('version.links')} about={t('version.linksAbout')}>
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="md">
          {LINKS.map(([name, href]) => (
            <Fact key={name} label={t(`version.linkNames.${name}`)}>
              <Anchor href={href} target="_blank" rel="noopener" ff="monospace">
                {href}
              </Anchor>
            </Fact>
          ))}
        </SimpleGrid>
        </Block>
      )}
    </Stack>
  );
}

function Facts({ version }: { version: Version }) {
  const { t } = useTranslation(['system', 'common']);
  const locale = useLocale();
  const { database } = version;
  return (
    <Card component="section" aria-label={t('tabs.version')}>
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 4 }} spacing="md">
        <Fact label={t('version.version')}>{version.version}</Fact>
        <Fact label={t('version.commit')}>{version.commit ?? t('common:unknown')}</Fact>
        <Fact label={t('version.profile')}>{version.profile}</Fact>
        <Fact label={t('version.compiler')}>{version.rustc ?? t('common:unknown')}</Fact>
        <Fact label={t('version.target')}>{version.target}</Fact>
        <Fact label={t('version.database')}>{`${database.kind} ${database.version}`}</Fact>
        <Fact label={t('version.schema')}>{database.schema_version ?? t('common:none')}</Fact>
        <Fact label={t('version.zone')}>{version.accounting_zone}</Fact>
        <Fact label={t('version.started')}>
          <When at={version.started_at} />
        </Fact>
        <Fact label={t('version.uptime')}>{span(version.uptime_seconds, locale)}</Fact>
        <Fact label={t('version.features')}>{version.features.join(', ')}</Fact>
        <Fact label={t('version.process')}>{version.process_id}</Fact>
      </SimpleGrid>
      <Group mt="md">
        <Copy text={report(version)} label={t('version.copy')} icon={<IconClipboardText size={14} />} />
      </Group>
    </Card>
  );
}

/** What somebody who is asked for help wants to know; in English, for it is pasted elsewhere. */
function report({ version, commit, profile, target, rustc, features, database }: Version): string {
  return [
    `tollgate ${version} (${commit ?? 'unknown commit'}, ${profile}, ${target}, rustc ${rustc ?? 'unknown'})`,
    `features: ${features.join(', ')}`,
    `database: ${database.kind} ${database.version}, schema ${database.schema_version ?? 'none'}`,
  ].join('\n');
}
