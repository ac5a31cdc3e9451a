import { Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { asApiError } from '@/api/problem';
import { useJournal } from '@/data/journal';
import { useOverview } from '@/data/overview';
import { useTraffic, type Traffic } from '@/data/traffic';
import { useUpstreams } from '@/data/upstreams';
import { count, dateTime, decimal, share } from '@/shared/format';
import { useLocale } from '@/shared/preferences';

import { perMinute, withReading, type Reading } from './rate';
import classes from './Shell.module.css';

/** Traffic and journal are read anew this often, sums of the day more rarely; nothing while the tab is hidden. */
const EVERY = 10_000;
const SUMS_EVERY = 60_000;
/** Entries that wait: from here on the database does not keep up. */
const BEHIND = 1_000;
/** The share of failed requests that is worth a look, and that is bad. */
const SOME_ERRORS = 0.01;
const MANY_ERRORS = 0.1;

type State = 'good' | 'warn' | 'bad';

/** How the gateway is doing. */
export function StatusLine() {
  const { t } = useTranslation('shell');
  const journal = useJournal({ refetchInterval: EVERY });
  const traffic = useTraffic({ refetchInterval: EVERY });
  const overview = useOverview({ every: () => SUMS_EVERY });
  const upstreams = useUpstreams();
  // All at once: what came in between would push the rest from under the pointer.
  if ([journal, traffic, overview, upstreams].some(({ isPending }) => isPending)) return <div className={classes.status}>{t('status.loading')}</div>;
  const failure = journal.isError ? asApiError(journal.error).kind : null;
  if (failure === 'unreachable') {
    return (
      <div className={classes.status} role="status">
        <Item state="bad">{t('status.unreachable')}</Item>
      </div>
    );
  }
  const isDegraded = failure === 'database_unavailable' || overview.data?.health === 'degraded';
  return (
    <div className={classes.status} role="status" aria-live="off" aria-label={t('status.label')}>
      <Item state={isDegraded ? 'bad' : 'good'}>{t(isDegraded ? 'status.degraded' : 'status.ready')}</Item>
      {traffic.data && <TrafficItems traffic={traffic.data} />}
      {journal.data && <JournalItem journal={journal.data} />}
      {overview.data && <SumItems overview={overview.data} />}
    </div>
  );
}

function TrafficItems({ traffic }: { traffic: Traffic }) {
  const { t } = useTranslation('shell');
  const locale = useLocale();
  const upstreams = useUpstreams();
  const rate = useRate(traffic);
  const { requests, errors } = traffic.total;
  const failed = requests === 0 ? null : errors / requests;
  const enabled = upstreams.data?.items.filter(({ enabled: is }) => is).length;
  const since = t('status.since', { time: dateTime(traffic.from, locale) });
  return (
    <>
      <Item to="/logs" hint={since}>
        {t('status.perMinute', { rate: rate === null ? t('none', { ns: 'common' }) : decimal(rate, locale) })}
      </Item>
      {failed !== null && (
        <Item
          to="/logs"
          state={failed >= MANY_ERRORS ? 'bad' : failed >= SOME_ERRORS ? 'warn' : 'good'}
          hint={`${t('status.errorsOf', { errors: count(errors, locale), requests: count(requests, locale) })} ${since}`}
        >
          {t('status.errors', { share: share(failed, locale) })}
        </Item>
      )}
      {enabled !== undefined && (
        <Item to="/upstreams" hint={since}>
          {t('status.upstreams', { used: count(traffic.upstreams, locale), all: count(enabled, locale) })}
        </Item>
      )}
    </>
  );
}

function JournalItem({ journal }: { journal: NonNullable<ReturnType<typeof useJournal>['data']> }) {
  const { t } = useTranslation('shell');
  const locale = useLocale();
  const isFull = journal.state === 'full';
  const isSlow = journal.state === 'stalled' || journal.pending_entries > BEHIND;
  const lost = journal.gaps.reduce((sum, gap) => sum + gap.attempts, 0);
  const said = t(isFull ? 'status.journalFull' : journal.state === 'stalled' ? 'status.journalSlow' : 'status.journal', {
    entries: count(journal.pending_entries, locale),
  });
  return (
    <>
      <Item to="/system" search={{ tab: 'journal' }} state={isFull ? 'bad' : isSlow ? 'warn' : 'good'}>
        {said}
      </Item>
      {lost > 0 && (
        <Item to="/system" search={{ tab: 'journal' }} state="bad">
          {t('status.gaps', { attempts: count(lost, locale) })}
        </Item>
      )}
    </>
  );
}

function SumItems({ overview }: { overview: NonNullable<ReturnType<typeof useOverview>['data']> }) {
  const { t } = useTranslation('shell');
  const locale = useLocale();
  const { unbilled } = overview.today;
  return (
    <>
      {unbilled > 0 && (
        <Item to="/logs" search={{ status: 'unbilled' }} state="warn">
          {t('status.unbilled', { attempts: count(unbilled, locale) })}
        </Item>
      )}
      {overview.price_version !== null && (
        <Item to="/prices" search={{ tab: 'releases' }}>
          {t('status.priceVersion', { version: overview.price_version })}
        </Item>
      )}
    </>
  );
}

interface ItemProps {
  /** A dot of this colour; the words say it, too. */
  state?: State;
  hint?: string;
  /** Where more is to be seen. */
  to?: string;
  search?: Record<string, string>;
  children: ReactNode;
}

function Item({ state, hint, to, search = {}, children }: ItemProps) {
  const content = (
    <>
      {state && <span className={classes.dot} data-state={state} />}
      {children}
    </>
  );
  const item = to ? (
    <Link to={to as never} search={search as never} className={`${classes.item} ${classes.itemLink} tabular`}>
      {content}
    </Link>
  ) : (
    <span className={`${classes.item} tabular`}>{content}</span>
  );
  return hint ? <Tooltip label={hint}>{item}</Tooltip> : item;
}

/** Requests a minute, from what was read in the last one. */
function useRate({ from, at, total }: Traffic): number | null {
  const [readings, setReadings] = useState<readonly Reading[]>([]);
  useEffect(() => {
    setReadings((before) => withReading(before, { from, at, requests: total.requests }));
  }, [from, at, total.requests]);
  return perMinute(readings);
}
