import { useEffect, useRef, useState } from 'react';

import { queryOf, type LogFilters, type RequestLog } from './logs';

/**
 * How a live list is fed: `live` by the stream; `away` while the gateway's database is; `reconnecting` while the stream is
 * lost; `polling` where there is none to be had; `paused` while nobody looks.
 */
export type StreamState = 'off' | 'connecting' | 'live' | 'away' | 'reconnecting' | 'polling' | 'paused';

interface Options {
  isOn: boolean;
  filters: LogFilters;
  /** Requests that have ended, or whose bill has changed, a handful at once. */
  onRows: (rows: RequestLog[]) => void;
  /** What was read before may miss something: read it anew. */
  onGap: () => Promise<unknown>;
}

/** Rows are handed on together, so that a busy gateway draws the list a few times a second and no more. */
const GATHER = 250;
/** How long until the stream is tried again after it was refused. */
const TRY_AGAIN = 30_000;
/** How often the database is asked for while it is away. */
const LOOK_AGAIN = 5_000;

/** Follows the requests that match, as the gateway tells of them. */
export function useLogStream({ isOn, filters, onRows, onGap }: Options): StreamState {
  const isVisible = useIsVisible();
  const [state, setState] = useState<StreamState>('off');
  const [tries, setTries] = useState(0);
  const handlers = useRef({ onRows, onGap });
  useEffect(() => {
    handlers.current = { onRows, onGap };
  });
  const address = `/api/admin/request-logs/stream?${queryOf(filters)}`;

  useEffect(() => {
    if (!isOn || !isVisible) {
      setState(isOn ? 'paused' : 'off');
      return undefined;
    }
    setState('connecting');
    const source = new EventSource(address);
    const timers = new Set<number>();
    const later = (action: () => void, wait: number) => {
      const timer = window.setTimeout(() => {
        timers.delete(timer);
        action();
      }, wait);
      timers.add(timer);
    };
    let waiting: RequestLog[] = [];
    const reread = () => handlers.current.onGap();
    const recover = () => {
      reread().then(
        () => setState((now) => (now === 'away' ? 'live' : now)),
        () => later(recover, LOOK_AGAIN),
      );
    };

    // What happened before the stream began, or while it was lost, is read.
    source.onopen = () => {
      setState('live');
      void reread().catch(() => undefined);
    };
    source.addEventListener('request', (event: MessageEvent<string>) => {
      setState('live');
      if (waiting.length === 0) {
        later(() => {
          const rows = waiting;
          waiting = [];
          handlers.current.onRows(rows);
        }, GATHER);
      }
      waiting.push(JSON.parse(event.data) as RequestLog);
    });
    source.addEventListener('gap', () => void reread().catch(() => undefined));
    source.addEventListener('unavailable', () => {
      setState('away');
      later(recover, LOOK_AGAIN);
    });
    for (const end of ['slow_reader', 'closing']) source.addEventListener(end, () => setState('reconnecting'));
    source.onerror = () => {
      // The browser connects anew by itself, except where the gateway answered with something else than a stream.
      if (source.readyState !== EventSource.CLOSED) {
        setState('reconnecting');
        return;
      }
      setState('polling');
      later(() => setTries((count) => count + 1), TRY_AGAIN);
    };
    return () => {
      source.close();
      for (const timer of timers) window.clearTimeout(timer);
    };
  }, [isOn, isVisible, address, tries]);

  return state;
}

/** Whether the page is in sight: nothing is streamed to a tab that nobody looks at. */
function useIsVisible(): boolean {
  const [isVisible, setVisible] = useState(document.visibilityState !== 'hidden');
  useEffect(() => {
    const look = () => setVisible(document.visibilityState !== 'hidden');
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  return isVisible;
}
