import { Anchor, Button, Group, SegmentedControl, Select, Stack, Text, useMantineColorScheme } from '@mantine/core';
import { IconApi, IconReceipt2 } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { useOverview } from '@/data/overview';
import { chooseLanguage, LANGUAGES, type Language } from '@/i18n';
import { dateTime } from '@/shared/format';
import { Block, Page } from '@/shared/Page';
import { resolved, useLocale, usePreferences } from '@/shared/preferences';

const SCHEMES = ['light', 'dark', 'auto'] as const;

/** How this browser shows things, and the way to what the gateway has to say about itself. */
export function SettingsPage() {
  const { t, i18n } = useTranslation(['settings', 'shell']);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { zone, setZone } = usePreferences();
  const locale = useLocale();
  const overview = useOverview();
  const zones = useMemo(() => Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC'), []);
  const accounting = overview.data?.accounting_zone;
  const now = overview.data?.generated_at;
  return (
    <Page title={t('title')} about={t('about')}>
      <Block title={t('display')} about={t('displayAbout')}>
        <Stack gap="md" maw={480}>
          <Select
            label={t('shell:language')}
            data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
            value={i18n.language}
            allowDeselect={false}
            onChange={(tag) => void chooseLanguage((tag ?? 'en') as Language)}
          />
          <div>
            <Text size="sm" fw={500} mb={4} id="theme">
              {t('shell:theme')}
            </Text>
            <SegmentedControl
              aria-labelledby="theme"
              value={colorScheme}
              onChange={(scheme) => setColorScheme(scheme as (typeof SCHEMES)[number])}
              data={SCHEMES.map((value) => ({ value, label: t(`shell:themes.${value}`) }))}
            />
          </div>
          <Select
            label={t('zone')}
            description={t('zoneAbout', { zone: accounting ?? '…' })}
            data={[
              { value: 'local', label: t('localZone', { zone: resolved('local') }) },
              { value: 'UTC', label: 'UTC' },
              ...zones.map((name) => ({ value: name, label: name.replaceAll('_', ' ') })),
            ]}
            value={zone}
            searchable
            allowDeselect={false}
            limit={60}
            onChange={(next) => setZone(next ?? 'local')}
          />
          {now && (
            <Text size="sm" c="dimmed" className="tabular">
              {t('example', { time: dateTime(now, locale), zone: locale.timeZone })}
            </Text>
          )}
        </Stack>
      </Block>
      <Block title={t('gateway')} about={t('gatewayAbout')}>
        <Group gap="sm">
          <Button component={Link} to="/system/billing" variant="default" leftSection={<IconReceipt2 size={16} />}>
            {t('toBilling')}
          </Button>
          <Button
            component="a"
            href="/api/docs"
            target="_blank"
            rel="noopener"
            variant="default"
            leftSection={<IconApi size={16} />}
          >
            {t('shell:reference')}
          </Button>
          <Anchor href="/api/openapi.json" target="_blank" rel="noopener" size="sm">
            {t('openapi')}
          </Anchor>
        </Group>
      </Block>
    </Page>
  );
}
