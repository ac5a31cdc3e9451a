import { Tabs } from '@mantine/core';
import {
  IconArchiveOff,
  IconArrowsExchange,
  IconCalculator,
  IconHistory,
  IconTagOff,
  IconTags,
  IconUserDollar,
} from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { useOverview } from '@/data/overview';
import { ManualEntry } from '@/features/billing/ManualEntry';
import { UnpricedBlock } from '@/features/billing/UnpricedBlock';
import { count } from '@/shared/format';
import { IfMay } from '@/shared/may';
import { Page } from '@/shared/Page';
import { useLocale } from '@/shared/preferences';
import { oneOf, useFilters } from '@/shared/search';

import { Aliases } from './Aliases';
import { Catalog } from './Catalog';
import { Overrides } from './Overrides';
import scroll from '@/shared/ScrollTabs.module.css';

import classes from './PricesPage.module.css';
import { Releases } from './Releases';
import { Simulator } from './Simulator';
import { Stale } from './Stale';

const TABS = {
  catalog: IconTags,
  overrides: IconUserDollar,
  aliases: IconArrowsExchange,
  unpriced: IconTagOff,
  releases: IconHistory,
  stale: IconArchiveOff,
  simulator: IconCalculator,
} as const;
const NAMES = ['catalog', 'overrides', 'aliases', 'unpriced', 'releases', 'stale', 'simulator'] as const;

/** The filters of one tab mean nothing to the next. */
const NO_FILTERS = { q: null, page: null, status: null, provider: null, mode: null, upstream: null, scope: null, run: null };

/** What every model costs, where that comes from, and what a request would cost. */
export function PricesPage() {
  const { t } = useTranslation('prices');
  const locale = useLocale();
  const [search, setSearch] = useFilters();
  const overview = useOverview();
  const tab = oneOf(NAMES, search.tab) ?? 'catalog';
  const waiting: Partial<Record<(typeof NAMES)[number], number>> = {
    unpriced: overview.data?.unpriced.models,
    releases: overview.data?.catalog?.held,
    stale: overview.data?.catalog?.stale,
  };
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // On a phone the tabs do not all fit: the one that is shown must be among those in sight.
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [tab]);
  return (
    <Page
      title={t('title')}
      about={t('about')}
      actions={
        tab !== 'unpriced' && (
          <IfMay needs="finance">
            <ManualEntry />
          </IfMay>
        )
      }
    >
      <Tabs
        value={tab}
        onChange={(next) => setSearch({ ...NO_FILTERS, tab: next === 'catalog' ? null : next }, false)}
        keepMounted={false}
      >
        <Tabs.List mb="md" className={scroll.tabs} ref={list}>
          {NAMES.map((name) => {
            const Icon = TABS[name];
            const items = waiting[name] ?? 0;
            return (
              <Tabs.Tab
                key={name}
                value={name}
                leftSection={<Icon size={16} aria-hidden />}
                className={classes.tab}
              >
                {t(`tabs.${name}`)}
                {items > 0 && <span className={classes.count}>{count(items, locale)}</span>}
              </Tabs.Tab>
            );
          })}
        </Tabs.List>
        <Tabs.Panel value="catalog">
          <Catalog />
        </Tabs.Panel>
        <Tabs.Panel value="overrides">
          <Overrides />
        </Tabs.Panel>
        <Tabs.Panel value="aliases">
          <Aliases />
        </Tabs.Panel>
        <Tabs.Panel value="unpriced">
          <UnpricedBlock />
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
