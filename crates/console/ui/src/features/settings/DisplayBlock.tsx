import { SegmentedControl, Select, Stack, Text, useMantineColorScheme } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { useConfig } from '@/data/system';
import { chooseLanguage, LANGUAGES, type Language } from '@/i18n';
import { dateTime } from '@/shared/format';
import { Block } from '@/shared/Page';
import { resolved, useLocale, usePreferences } from '@/shared/preferences';
import { useNow } from '@/shared/When';

const SCHEMES = ['light', 'dark', 'auto'] as const;

/** Language, theme and time zone; what is chosen stays in this browser. */
export function DisplayBlock() {
  const { t, i18n } = useTranslation(['settings', 'shell']);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { zone, setZone } = usePreferences();
  const locale = useLocale();
  const now = useNow(true);
  const zones = useMemo(() => Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC'), []);
  const config = useConfig();
  const accounting = config.data?.settings.find(({ key }) => key === 'accounting_zone')?.value;
  return (
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
          description={t('zoneAbout', { zone: typeof accounting === 'string' ? accounting : '…' })}
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
        <Text size="sm" c="dimmed" className="tabular">
          {t('example', { time: dateTime(new Date(now).toISOString(), locale), zone: locale.timeZone })}
        </Text>
      </Stack>
    </Block>
  );
}
