import { Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';

import { ago, dateTime, shortDateTime } from './format';
import { useLocale } from './preferences';

/** An instant in the reader's time zone; how long ago it was, with the full time beside it. */
export function When({ at, relative = false }: { at: string; relative?: boolean }) {
  const locale = useLocale();
  const now = useNow(relative);
  const whole = `${dateTime(at, locale)} (${locale.timeZone})`;
  return (
    <Tooltip label={whole}>
      <time dateTime={at} className="nowrap tabular">
        {relative ? ago(at, now, locale) : shortDateTime(at, locale)}
      </time>
    </Tooltip>
  );
}

/** The time, anew every half minute. */
export function useNow(isRunning: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = window.setInterval(() => setNow(Date.now()), 30_000);
    return () => window.clearInterval(timer);
  }, [isRunning]);
  return now;
}
