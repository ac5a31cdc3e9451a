import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';

import { logsKey, queryOf, type LogFilters, type LogPages, type RequestLog } from './logs';
import { useLogStream, type StreamState } from './logStream';
import { countOf, mergedLogs, MOST_LIVE, unknownOf } from './mergeLogs';

export interface Live {
  state: StreamState;
  /** By how many seconds rows arrive later than they did at best; nothing where that is not noticeable. */
  lag: number | null;
  /** New requests that wait, because the list is being read. */
  held: number;
  /** Shows them. */
  show: () => void;
}

interface Options {
  isOn: boolean;
  filters: LogFilters;
  limit: number;
  /** Whether the list should stay where it is: new rows wait, changes of shown ones do not. */
  isHeld: boolean;
}

const NOTICEABLE = 5;

/** Keeps the list of these requests up to date by the live stream. */
export function useLiveLogs({ isOn, filters, limit, isHeld }: Options): Live {
  const queries = useQueryClient();
  const waiting = useRef(new Map<string, RequestLog>());
  const best = useRef(Number.POSITIVE_INFINITY);
  const [held, setHeld] = useState(0);
  const [lag, setLag] = useState<number | null>(null);
  const key = logsKey(filters, { limit });

  const merge = (rows: RequestLog[]) => {
    queries.setQueryData<LogPages>(key, (pages) => pages && mergedLogs(pages, rows));
    if (countOf(queries.getQueryData<LogPages>(key)) <= MOST_LIVE) return;
    queries.setQueryData<LogPages>(
      key,
      (pages) => pages && { pages: pages.pages.slice(0, 1), pageParams: pages.pageParams.slice(0, 1) },
    );
    void queries.invalidateQueries({ queryKey: key });
  };
  const show = () => {
    const rows = [...waiting.current.values()];
    waiting.current.clear();
    setHeld(0);
    if (rows.length > 0) merge(rows);
  };

  const onRows = (rows: RequestLog[]) => {
    const news = unknownOf(queries.getQueryData<LogPages>(key), rows);
    measure(news);
    if (!isHeld) {
      merge(rows);
      return;
    }
    const fresh = new Set(news);
    for (const row of news) waiting.current.set(row.request_id, row);
    setHeld(waiting.current.size);
    merge(rows.filter((row) => !fresh.has(row)));
  };
  // Clocks differ, so what counts is how much later rows come than the promptest one did.
  const measure = (rows: RequestLog[]) => {
    const delays = rows.flatMap((row) => (row.ended_at ? [Date.now() - Date.parse(row.ended_at)] : []));
    if (delays.length === 0) return;
    const delay = Math.min(...delays);
    best.current = Math.min(best.current, delay);
    const seconds = Math.round((delay - best.current) / 1000);
    setLag(seconds >= NOTICEABLE ? seconds : null);
  };
  const onGap = () => queries.invalidateQueries({ queryKey: key }, { throwOnError: true });

  const words = queryOf(filters);
  const state = useLogStream({ isOn, filters, onRows, onGap });
  useEffect(() => {
    if (!isHeld || !isOn) show();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- what waits is shown when the reason to wait is gone
  }, [isHeld, isOn]);
  useEffect(() => {
    // Other filters, other rows.
    waiting.current.clear();
    setHeld(0);
    setLag(null);
  }, [words]);

  return { state, lag: state === 'live' ? lag : null, held, show };
}
