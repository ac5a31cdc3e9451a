import type { Schemas } from '@/api/client';
import { useMemberName } from '@/shared/memberName';

type Series = Pick<Schemas['TimeseriesSeries'], 'member' | 'name' | 'deleted'>;

/** What a series of the spend stands for, by name. */
export function useSeriesName(): (series: Series) => string {
  const nameOf = useMemberName();
  return ({ member, name, deleted }) => nameOf({ id: member, name, isDeleted: deleted });
}
