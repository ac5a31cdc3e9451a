import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import { useReleases } from '@/data/releases';
import { useUnresolved } from '@/data/unresolved';
import type { Tone } from '@/shared/Badge';
import { count } from '@/shared/format';
import { useLocale } from '@/shared/preferences';
import type { Search } from '@/shared/search';

interface Item {
  id: string;
  tone: Tone;
  kind: string;
  text: string;
  action?: string;
  to?: { to: '/system/billing' | '/prices' | '/logs'; search?: Search };
}

/** What waits for somebody: lost attempts, a degraded gateway, models without a price, prices to decide on. */
export function useAttention(overview: Schemas['BillingOverview']): Item[] {
  const { t } = useTranslation(['overview', 'domain']);
  const locale = useLocale();
  const unresolved = useUnresolved();
  const releases = useReleases();
  const items: Item[] = [];
  if (overview.health === 'degraded') {
    items.push({ id: 'health', tone: 'bad', kind: t('kinds.health'), text: t('degraded') });
  }
  if (overview.gaps.attempts > 0) {
    const attempts = count(overview.gaps.attempts, locale);
    items.push({ id: 'gaps', tone: 'bad', kind: t('kinds.gaps'), text: t('gaps', { attempts }) });
  }
  for (const model of unresolved.data?.items ?? []) {
    items.push({
      id: `price ${model.model ?? ''} ${model.last_upstream_id}`,
      tone: 'bad',
      kind: t('kinds.price'),
      text: t('noPrice', { model: model.model ?? t('unnamed'), attempts: count(model.occurrences, locale) }),
      action: t('setPrice'),
      to: { to: '/system/billing' },
    });
  }
  for (const unbilled of overview.unbilled.filter(({ reason }) => reason !== 'price_not_found')) {
    items.push({
      id: `unbilled ${unbilled.model ?? ''} ${unbilled.reason}`,
      tone: 'warn',
      kind: t('kinds.unbilled'),
      text: t('unbilledFor', {
        model: unbilled.model ?? t('unnamed'),
        attempts: count(unbilled.attempts, locale),
        reason: t(`domain:reason.${unbilled.reason}`),
      }),
      action: t('look'),
      to: { to: '/logs', search: { reason: unbilled.reason, ...(unbilled.model ? { model: unbilled.model } : {}) } },
    });
  }
  const last = releases.data?.pages[0]?.items[0];
  if (last?.state === 'failed') {
    const to = { to: '/prices', search: { tab: 'releases' } } as const;
    items.push({ id: 'sync', tone: 'warn', kind: t('kinds.sync'), text: t('syncFailed'), action: t('look'), to });
  }
  const held = overview.catalog?.held ?? 0;
  if (held > 0) {
    const to = { to: '/prices', search: { tab: 'releases' } } as const;
    const text = t('held', { prices: count(held, locale) });
    items.push({ id: 'held', tone: 'warn', kind: t('kinds.held'), text, action: t('decide'), to });
  }
  return items;
}
