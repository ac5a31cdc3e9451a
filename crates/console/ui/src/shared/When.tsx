import { Text, Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';

import { ago, dateTime, shortDate, shortDateTime, timeOfDay } from './format';
import { useLocale } from './preferences';
import { useIsPhone } from './useIsPhone';

interface Props {
  at: string;
  relative?: boolean;
  /** The time of day above the day: in narrow columns. */
  isStacked?: boolean;
}

/** An instant in the reader's time zone; how long ago it was, with the full time beside it. */
export function When({ at, relative = false, isStacked = false }: Props) {
  const locale = useLocale();
  const now = useNow(relative);
  const whole = `${dateTime(at, locale)} (${locale.timeZone})`;
  const isPhone = useIsPhone();
  if (isStacked && !isPhone) {
    return (
      <Tooltip label={whole}>
        <time dateTime={at} className="nowrap tabular">
          {timeOfDay(at, locale)}
          <Text span size="xs" c="dimmed" display="block">
            {shortDate(at, locale)}
          </Text>
        </time>
      </Tooltip>
    );
  }
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
