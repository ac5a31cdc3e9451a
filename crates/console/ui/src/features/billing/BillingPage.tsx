import { useTranslation } from 'react-i18next';

import { Page } from '@/shared/Page';

import { BillingCards } from './BillingCards';
import { MultipliersBlock } from './MultipliersBlock';
import { RecentBlock } from './RecentBlock';
import { UnpricedBlock } from './UnpricedBlock';

/** What needs a price, what upstreams charge, and whether prices are current. */
export function BillingPage() {
  const { t } = useTranslation('billing');
  return (
    <Page title={t('title')} about={t('about')}>
      <BillingCards />
      <UnpricedBlock />
      <MultipliersBlock />
      <RecentBlock />
    </Page>
  );
}
