import { Select, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { UpstreamFormType } from './useUpstreamForm';
import { BILL_BY, ESTIMATES, REPORTED, UNPRICED } from './values';

/** How its requests are billed where it is not plain. */
export function PolicyFields({ form }: { form: UpstreamFormType }) {
  const { t } = useTranslation('upstreams');
  return (
    <Stack gap="sm">
      <Select
        label={t('billBy')}
        description={t('billByHint')}
        data={BILL_BY.map((value) => ({ value, label: t(`billByOptions.${value}`) }))}
        allowDeselect={false}
        {...form.getInputProps('bill_by')}
      />
      <Select
        label={t('reportedCost')}
        description={t('reportedCostHint')}
        data={REPORTED.map((value) => ({ value, label: t(`reportedCostOptions.${value}`) }))}
        allowDeselect={false}
        {...form.getInputProps('reported_cost')}
      />
      <Select
        label={t('onUnpriced')}
        description={t('onUnpricedHint')}
        data={UNPRICED.map((value) => ({ value, label: t(`onUnpricedOptions.${value}`) }))}
        allowDeselect={false}
        {...form.getInputProps('on_unpriced')}
      />
      <Select
        label={t('estimate')}
        description={t('estimateHint')}
        data={ESTIMATES.map((value) => ({ value, label: t(`estimateOptions.${value}`) }))}
        allowDeselect={false}
        {...form.getInputProps('estimate_missing_usage')}
      />
    </Stack>
  );
}
