import {
  Anchor,
  Card,
  Code,
  CopyButton,
  Group,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
  Tooltip,
  UnstyledButton,
} from '@mantine/core';
import { IconLock, IconSearch, IconSearchOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { useConfig, type Setting } from '@/data/system';
import { Badge, type Tone } from '@/shared/Badge';
import { DataTable, type Column } from '@/shared/DataTable';
import { Identifier } from '@/shared/Identifier';
import { Empty, QueryState } from '@/shared/QueryState';
import { oneOf, useFilters } from '@/shared/search';

import { matches, valueText, variableOf } from '@/shared/settings';

const TONES: Record<Setting['source'], Tone> = { default: 'neutral', file: 'info', environment: 'good' };
const SOURCES = ['all', 'changed'] as const;

/** What takes effect, where each value comes from, and how to change it. */
export function ConfigTab() {
  const { t } = useTranslation(['system', 'common']);
  const query = useConfig();
  const [search, setSearch] = useFilters();
  const wanted = search.q ?? '';
  const source = oneOf(SOURCES, search.source) ?? 'all';
  const columns = useColumns();
  return (
    <Card component="section" aria-label={t('tabs.config')}>
      <Text size="sm" c="dimmed" mb="sm">
        {t('config.about')}
      </Text>
      <Group gap="sm" mb="md" align="flex-end">
        <TextInput
          label={t('config.search')}
          placeholder={t('config.searchHint')}
          leftSection={<IconSearch size={16} />}
          value={wanted}
          onChange={(event) => setSearch({ q: event.currentTarget.value })}
          flex="1 1 260px"
          maw={480}
        />
        <SegmentedControl
          aria-label={t('config.which')}
          value={source}
          onChange={(next) => setSearch({ source: next === 'all' ? null : next })}
          data={SOURCES.map((value) => ({ value, label: t(`config.whichOptions.${value}`) }))}
        />
      </Group>
      <QueryState query={query} rows={8}>
        {(data) => {
          const shown = data.settings.filter(
            (setting) => (source === 'all' || setting.source !== 'default') && matches(setting, wanted.trim()),
          );
          return shown.length === 0 ? (
            <Empty
              icon={IconSearchOff}
              title={t('config.none')}
              hint={wanted === '' ? t('config.allDefault') : undefined}
              action={
                <Anchor component="button" size="sm" onClick={() => setSearch({ q: null, source: null })}>
                  {t('common:clearFilters')}
                </Anchor>
              }
            />
          ) : (
            <DataTable label={t('tabs.config')} columns={columns} rows={shown} rowKey={(setting) => setting.key} />
          );
        }}
      </QueryState>
    </Card>
  );
}

function useColumns(): Column<Setting>[] {
  const { t } = useTranslation(['system', 'common']);
  return [
    {
      id: 'key',
      header: t('config.key'),
      onCard: 'title',
      cell: (setting) => <Key setting={setting} />,
    },
    {
      id: 'value',
      header: t('config.value'),
      cell: (setting) => <Value setting={setting} />,
    },
    {
      id: 'source',
      header: t('config.source'),
      cell: (setting) => (
        <Stack gap={2} align="flex-start">
          <Badge tone={TONES[setting.source]}>{t(`config.sources.${setting.source}`)}</Badge>
          {setting.origin && setting.origin !== variableOf(setting) && (
            <Text size="xs" c="dimmed" ff="monospace" className="break">
              {setting.origin}
            </Text>
          )}
        </Stack>
      ),
    },
  ];
}

/** Its name in the file, and the variable that sets it. */
function Key({ setting }: { setting: Setting }) {
  const { t } = useTranslation(['system', 'common']);
  const variable = variableOf(setting);
  return (
    <>
      <Text size="sm" ff="monospace" fw={600} className="break">
        <Identifier>{setting.key}</Identifier>
      </Text>
      <CopyButton value={variable}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? t('common:copied') : t('config.copyVariable')}>
            <UnstyledButton onClick={copy} aria-label={`${t('config.copyVariable')} ${variable}`}>
              <Text size="xs" c="dimmed" ff="monospace" fw={400} className="break" component="span">
                <Identifier>{variable}</Identifier>
              </Text>
            </UnstyledButton>
          </Tooltip>
        )}
      </CopyButton>
    </>
  );
}

/** Texts stand as they are; what is a number or a switch is set off from them. */
function Value({ setting }: { setting: Setting }) {
  const { t } = useTranslation('system');
  const text = valueText(setting);
  if (text === '') {
    return (
      <Text size="sm" c="dimmed" component="span">
        {t('config.unset')}
      </Text>
    );
  }
  return (
    <Group gap={6} wrap="nowrap" align="flex-start">
      <Code className="break">{text}</Code>
      {setting.masked && (
        <Text size="xs" c="dimmed" component="span" className="nowrap">
          <IconLock size={12} aria-hidden /> {t('config.masked')}
        </Text>
      )}
    </Group>
  );
}
