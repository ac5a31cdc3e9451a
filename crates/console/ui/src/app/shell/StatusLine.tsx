import { useTranslation } from 'react-i18next';

import { useOverview } from '@/data/overview';
import { count } from '@/shared/format';
import { useLocale } from '@/shared/preferences';

import classes from './Shell.module.css';

const EVERY = 10_000;

/** How the gateway is doing, read anew every few seconds. */
export function StatusLine() {
  const { t } = useTranslation('shell');
  const locale = useLocale();
  const { data, isError, isPending } = useOverview({ refetchInterval: EVERY });
  if (isPending) return <div className={classes.status}>{t('status.loading')}</div>;
  if (isError && !data) {
    return (
      <div className={classes.status} role="status">
        <Item state="bad">{t('status.unreachable')}</Item>
      </div>
    );
  }
  const { journal } = data;
  const lost = data.gaps.attempts;
  const isBehind = journal.full || journal.pending_entries > 1000;
  return (
    <div className={classes.status} role="status" aria-live="off" aria-label={t('status.label')} tabIndex={0}>
      {isError ? (
        <Item state="bad">{t('status.unreachable')}</Item>
      ) : (
        <Item state={data.health === 'ready' ? 'good' : 'bad'}>{t(`status.${data.health}`)}</Item>
      )}
      <Item state={journal.full ? 'bad' : isBehind ? 'warn' : 'good'}>
        {journal.full
          ? t('status.journalFull')
          : t('status.journal', { entries: count(journal.pending_entries, locale) })}
      </Item>
      <span className="tabular">{t('status.requests', { attempts: count(data.today.attempts, locale) })}</span>
      {data.today.unbilled > 0 && (
        <Item state="warn">{t('status.unbilled', { attempts: count(data.today.unbilled, locale) })}</Item>
      )}
      {lost > 0 && <Item state="bad">{t('status.gaps', { attempts: count(lost, locale) })}</Item>}
      {data.price_version !== null && <span>{t('status.priceVersion', { version: data.price_version })}</span>}
    </div>
  );
}

function Item({ state, children }: { state: 'good' | 'warn' | 'bad'; children: string }) {
  return (
    <span className={`${classes.item} tabular`}>
      <span className={classes.dot} data-state={state} />
      {children}
    </span>
  );
}
