import { Button, Tabs } from '@mantine/core';
import {
  IconAdjustments,
  IconApi,
  IconClockPause,
  IconDatabaseImport,
  IconHistory,
  IconInfoCircle,
  IconRefreshDot,
  IconShieldLock,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { Page } from '@/shared/Page';
import scroll from '@/shared/ScrollTabs.module.css';
import { oneOf, useFilters } from '@/shared/search';

import { AuditTab } from './audit/AuditTab';
import { ConfigTab } from './ConfigTab';
import { DeferredTab } from './DeferredTab';
import { JobsTab } from './jobs/JobsTab';
import { JournalTab } from './JournalTab';
import { SYSTEM_TABS, type SystemTab } from './tabs';
import { TokensTab } from './tokens/TokensTab';
import { VersionTab } from './VersionTab';

const SHOWN: Record<SystemTab, { icon: typeof IconApi; content: () => React.ReactNode }> = {
  jobs: { icon: IconRefreshDot, content: () => <JobsTab /> },
  audit: { icon: IconHistory, content: () => <AuditTab /> },
  journal: { icon: IconDatabaseImport, content: () => <JournalTab /> },
  deferred: { icon: IconClockPause, content: () => <DeferredTab /> },
  config: { icon: IconAdjustments, content: () => <ConfigTab /> },
  tokens: { icon: IconShieldLock, content: () => <TokensTab /> },
  version: { icon: IconInfoCircle, content: () => <VersionTab /> },
};

/** On a phone the chosen tab may be beyond the edge. */
function inSight(tabs: HTMLDivElement | null): void {
  tabs?.querySelector('[aria-selected=true]')?.scrollIntoView({ inline: 'center', block: 'nearest' });
}

/** What the gateway does by itself, who changed what, and what it runs with. The address says which part. */
export function SystemPage() {
  const { t } = useTranslation(['system', 'shell']);
  const [search] = useFilters();
  const navigate = useNavigate();
  const tab = oneOf(SYSTEM_TABS, search.tab) ?? 'jobs';
  // Each part has filters of its own: they do not go along.
  const open = (next: string | null) => void navigate({ to: '.', search: (next === 'jobs' ? {} : { tab: next }) as never });
  return (
    <Page
      title={t('title')}
      about={t('about')}
      actions={
        <Button
          component="a"
          href="/api/docs"
          target="_blank"
          rel="noopener"
          variant="default"
          size="xs"
          leftSection={<IconApi size={14} />}
        >
          {t('shell:reference')}
        </Button>
      }
    >
      <Tabs value={tab} onChange={open} keepMounted={false}>
        <Tabs.List mb="md" className={scroll.tabs} ref={inSight}>
          {SYSTEM_TABS.map((name) => {
            const Icon = SHOWN[name].icon;
            return (
              <Tabs.Tab key={name} value={name} leftSection={<Icon size={16} aria-hidden />}>
                {t(`tabs.${name}`)}
              </Tabs.Tab>
            );
          })}
        </Tabs.List>
        {SYSTEM_TABS.map((name) => (
          <Tabs.Panel key={name} value={name}>
            {SHOWN[name].content()}
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  );
}
