import { Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Price } from '@/data/prices';
import { Badge } from '@/shared/Badge';

import classes from './PriceStatus.module.css';

/** Where a model's price comes from, and what is doubtful about it. */
export function PriceStatus({ price }: { price: Price }) {
  const { t } = useTranslation('prices');
  const isOverridden = price.overrides.some((override) => override.upstream_id === null);
  return (
    <span className={classes.badges}>
      {!price.effective && <Badge tone="bad">{t('statuses.none')}</Badge>}
      {isOverridden && <Badge tone="info">{t('statuses.overridden')}</Badge>}
      {!isOverridden && price.overrides.length > 0 && <Badge tone="info">{t('statuses.someUpstreams')}</Badge>}
      {!isOverridden && price.effective && !price.stale && <Badge tone="good">{t('statuses.synced')}</Badge>}
      {price.stale && <Badge tone="warn">{t('statuses.stale')}</Badge>}
      {price.held && (
        <Tooltip label={`${t(`holdReasons.${price.held.reason}`)}: ${price.held.detail}`}>
          <span>
            <Badge tone="warn">{t('statuses.held')}</Badge>
          </span>
        </Tooltip>
      )}
      {price.effective?.free && <Badge tone="neutral">{t('statuses.free')}</Badge>}
    </span>
  );
}
