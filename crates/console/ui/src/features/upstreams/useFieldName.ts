import { useTranslation } from 'react-i18next';

const NAMES = {
  name: 'name',
  provider: 'provider',
  base_url: 'baseUrl',
  account_label: 'account',
  protocols: 'protocols',
  models: 'models',
  priority: 'priority',
  weight: 'weight',
  input_multiplier: 'inputMultiplier',
  output_multiplier: 'outputMultiplier',
  allow_free: 'allowFree',
  model_multipliers: 'modelMultipliers',
  price_modifiers: 'modifiers',
  bill_by: 'billBy',
  reported_cost: 'reportedCost',
  on_unpriced: 'onUnpriced',
  estimate_missing_usage: 'estimate',
  enabled: 'enabled',
} as const;

/** What the API's fields are called in the form. */
export function useFieldName(): (field: string) => string {
  const { t } = useTranslation('upstreams');
  return (field) => (field in NAMES ? t(NAMES[field as keyof typeof NAMES]) : field);
}
