import { useTranslation } from 'react-i18next';

import { useOverrideHistory, type Override } from '@/data/overrides';
import { useCards } from '@/features/pricing/cardLines';
import { History } from '@/features/pricing/History';
import { QueryState } from '@/shared/QueryState';

/** Every version of one manual price. */
export function OverrideHistory({ id }: { id: string }) {
  const { t } = useTranslation('prices');
  const query = useOverrideHistory(id);
  const { linesOf } = useCards();
  const facts = (version: Override) => [
    ...linesOf(version),
    { label: t('multiplied'), value: t(`multipliedIs.${version.apply_multipliers ? 'yes' : 'no'}`) },
  ];
  return (
    <QueryState query={query} rows={2}>
      {(data) => <History versions={data.items} facts={facts} label={t('history')} />}
    </QueryState>
  );
}
