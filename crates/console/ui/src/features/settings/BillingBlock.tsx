import { Button, Code, Group, Stack, Text } from '@mantine/core';
import { IconAdjustments, IconReceipt2, IconReceiptOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { useConfig, type Setting } from '@/data/system';
import { DataTable, type Column } from '@/shared/DataTable';
import { Identifier } from '@/shared/Identifier';
import { Block } from '@/shared/Page';
import { useLocale } from '@/shared/preferences';
import { Empty, QueryState } from '@/shared/QueryState';
import { variableOf } from '@/shared/settings';
import { span } from '@/shared/span';

/** What is shown, by the key of the setting. */
const RULES = {
  onUnpriced: 'billing.on_unpriced',
  estimate: 'billing.estimate_missing_usage',
  zone: 'accounting_zone',
  sync: 'prices.sync.enabled',
  interval: 'prices.sync.interval_minutes',
  guard: 'prices.sync.guard_factor',
} as const;
type Rule = keyof typeof RULES;
const NAMES = Object.keys(RULES) as Rule[];

/** How requests are billed where nothing else is said, and where that is set. */
export function BillingBlock() {
  const { t } = useTranslation('settings');
  const query = useConfig();
  const actions = (
    <Button component={Link} to="/system/billing" variant="default" size="xs" leftSection={<IconReceipt2 size={14} />}>
      {t('toBilling')}
    </Button>
  );
  return (
    <Block title={t('billing')} about={t('billingAbout')} actions={actions}>
      <QueryState
        query={query}
        isEmpty={({ settings }) => rulesOf(settings).length === 0}
        empty={<Empty icon={IconReceiptOff} title={t('noRules')} />}
      >
        {({ settings }) => <Rules rules={rulesOf(settings)} />}
      </QueryState>
    </Block>
  );
}

type Pair = [Rule, Setting];

function rulesOf(settings: readonly Setting[]): Pair[] {
  return NAMES.flatMap((rule): Pair[] => {
    const setting = settings.find(({ key }) => key === RULES[rule]);
    return setting ? [[rule, setting]] : [];
  });
}

function Rules({ rules }: { rules: readonly Pair[] }) {
  const { t } = useTranslation('settings');
  const columns: Column<Pair>[] = [
    { id: 'rule', header: t('rule'), onCard: 'title', width: '30%', cell: ([rule]) => t(`rules.${rule}`) },
    { id: 'value', header: t('setTo'), cell: ([rule, setting]) => <Value rule={rule} setting={setting} /> },
    { id: 'source', header: t('setBy'), cell: ([, setting]) => <Source setting={setting} /> },
  ];
  return (
    <Stack gap="md">
      <DataTable label={t('billing')} columns={columns} rows={rules} rowKey={([rule]) => rule} />
      <Group gap="sm" justify="space-between">
        <Text size="sm" c="dimmed">
          {t('howTo')}
        </Text>
        <Button
          component={Link}
          to="/system"
          search={{ tab: 'config' } as never}
          variant="subtle"
          size="xs"
          leftSection={<IconAdjustments size={14} />}
        >
          {t('allSettings')}
        </Button>
      </Group>
    </Stack>
  );
}

/** What a value comes to, in words; one the console does not know stands as it is. */
function Value({ rule, setting: { value } }: { rule: Rule; setting: Setting }) {
  const { t } = useTranslation('settings');
  const locale = useLocale();
  switch (rule) {
    case 'onUnpriced':
      if (value === 'serve' || value === 'refuse') return t(`values.${value}`);
      break;
    case 'estimate':
      return t(value === true ? 'values.estimated' : 'values.unbilled');
    case 'sync':
      return t(value === true ? 'values.on' : 'values.off');
    case 'interval':
      if (typeof value === 'number') return span(value * 60, locale);
      break;
    case 'guard':
      return t('values.factor', { factor: String(value) });
    case 'zone':
      return (
        <>
          {String(value)}
          <Text size="xs" c="dimmed">
            {t('accountingAbout')}
          </Text>
        </>
      );
  }
  return <Code>{JSON.stringify(value)}</Code>;
}

function Source({ setting }: { setting: Setting }) {
  const { t } = useTranslation('settings');
  const from =
    setting.source === 'default'
      ? t('fromDefault')
      : setting.source === 'file'
        ? t('fromFile', { file: setting.origin ?? '' })
        : t('fromVariable');
  return (
    <>
      <Text size="xs" ff="monospace" className="break">
        <Identifier>{variableOf(setting)}</Identifier>
      </Text>
      <Text size="xs" c="dimmed" className="break">
        {from}
      </Text>
    </>
  );
}
