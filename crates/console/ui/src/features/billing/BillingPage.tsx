import { useTranslation } from 'react-i18next';

import { Page } from '@/shared/Page';
import { oneOf, useFilters } from '@/shared/search';

import { BillingCards } from './BillingCards';
import { MultipliersBlock } from './MultipliersBlock';
import { ENTRY_REASONS, ENTRY_STATUSES, RecentBlock } from './RecentBlock';
import { UnpricedBlock } from './UnpricedBlock';

/** What needs a price, what upstreams charge, and whether prices are current. */
export function BillingPage() {
  const { t } = useTranslation('billing');
  const [search, setSearch] = useFilters();
  return (
    <Page title={t('title')} about={t('about')}>
      <BillingCards />
      <UnpricedBlock />
      <MultipliersBlock linked={search.multipliers} />
      <RecentBlock
        filters={{
          status: oneOf(ENTRY_STATUSES, search.status),
          reason: oneOf(ENTRY_REASONS, search.reason),
          model: search.model,
          upstream: search.upstream,
        }}
        onFilter={setSearch}
        isLinked={search.view === 'entries'}
      />
    </Page>
  );
}
