import { Tabs } from '@mantine/core';
import { IconArchiveOff, IconCalculator, IconHistory, IconTags } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { ManualEntry } from '@/features/billing/ManualEntry';
import { Page } from '@/shared/Page';
import { oneOf, useFilters } from '@/shared/search';

import { Catalog } from './Catalog';
import { Releases } from './Releases';
import { Simulator } from './Simulator';
import { Stale } from './Stale';

const TABS = { catalog: IconTags, releases: IconHistory, stale: IconArchiveOff, simulator: IconCalculator } as const;
const NAMES = ['catalog', 'releases', 'stale', 'simulator'] as const;

/** What every model costs, where that comes from, and what a request would cost. */
export function PricesPage() {
  const { t } = useTranslation('prices');
  const [search, setSearch] = useFilters();
  const tab = oneOf(NAMES, search.tab) ?? 'catalog';
  return (
    <Page title={t('title')} about={t('about')} actions={<ManualEntry />}>
      <Tabs
        value={tab}
        onChange={(next) => setSearch({ tab: next === 'catalog' ? null : next }, false)}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          {NAMES.map((name) => {
            const Icon = TABS[name];
            return (
              <Tabs.Tab key={name} value={name} leftSection={<Icon size={16} aria-hidden />}>
                {t(`tabs.${name}`)}
              </Tabs.Tab>
            );
          })}
        </Tabs.List>
        <Tabs.Panel value="catalog">
          <Catalog />
        </Tabs.Panel>
        <Tabs.Panel value="releases">
          <Releases />
        </Tabs.Panel>
        <Tabs.Panel value="stale">
          <Stale />
        </Tabs.Panel>
        <Tabs.Panel value="simulator">
          <Simulator />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
