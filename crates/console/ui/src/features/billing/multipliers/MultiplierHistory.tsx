import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import { useMultiplierHistory } from '@/data/multipliers';
import type { CardLine } from '@/features/pricing/cardLines';
import { History } from '@/features/pricing/History';
import { QueryState } from '@/shared/QueryState';

type Version = Schemas['UpstreamMultipliersVersion'];

/** Every version of an upstream's multipliers. */
export function MultiplierHistory({ upstreamId }: { upstreamId: string }) {
  const { t } = useTranslation('billing');
  const query = useMultiplierHistory(upstreamId, true);
  const facts = (version: Version): CardLine[] => [
    { label: t('inputMultiplier'), value: `× ${version.input_multiplier}` },
    { label: t('outputMultiplier'), value: `× ${version.output_multiplier}` },
    ...(version.allow_free ? [{ label: t('allowFree'), value: '✓' }] : []),
    ...version.models.map((rule) => ({
      label: rule.pattern,
      value: `× ${rule.input_multiplier} / × ${rule.output_multiplier}`,
    })),
  ];
  return (
    <QueryState query={query} rows={2}>
      {(data) => <History versions={data.items} facts={facts} label={t('multiplierHistory')} />}
    </QueryState>
  );
}
