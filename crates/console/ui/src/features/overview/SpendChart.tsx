import '@mantine/charts/styles.css';

import { BarChart } from '@mantine/charts';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import { forDrawing } from '@/shared/decimal';
import { shortUsd } from '@/shared/format';
import { useLocale } from '@/shared/preferences';

import { colourOf } from './colours';
import { useSeriesName } from './useSeriesName';
import { evenTicks, tickDecimals } from './ticks';

/** Stacked bars, one for each hour or day. The only place where an amount becomes a float: for its height. */
export default function SpendChart({ data }: { data: Schemas['BillingTimeseries'] }) {
  const { t } = useTranslation('overview');
  const { language } = useLocale();
  const nameOf = useSeriesName();
  const all = [...data.series, ...(data.other ? [data.other] : [])];
  const named = all.map((series, index) => ({
    series,
    key: `s${index}`,
    colour: colourOf(index, index >= data.series.length),
    name: index < data.series.length ? nameOf(series) : t('others'),
  }));
  const isLong = data.points.length > 24;
  const options: Intl.DateTimeFormatOptions =
    data.interval === 'hour'
      ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...(isLong ? { month: 'short', day: 'numeric' } : {}) }
      : { month: 'short', day: 'numeric' };
  const format = new Intl.DateTimeFormat(language, { ...options, timeZone: data.zone });
  const rows = data.points.map((at, point) => ({
    at: format.format(new Date(at.from)),
    ...Object.fromEntries(named.map(({ key, series }) => [key, forDrawing(series.values.cost[point] ?? '0')])),
  }));
  const ticks = evenTicks(Math.max(0, ...data.total.values.cost.map(forDrawing)));
  const decimals = tickDecimals(ticks);
  const tickText = (value: number) => `$${value.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })}`;
  return (
    <BarChart
      h={240}
      data={rows}
      dataKey="at"
      type="stacked"
      maxBarWidth={36}
      valueFormatter={(value) => shortUsd(value.toFixed(12).replace(/\.?0+$/, '') || '0')}
      series={named.map(({ key, name, colour }) => ({ name: key, label: name, color: colour }))}
      yAxisProps={{
        width: 20 + 7 * tickText(ticks.at(-1) ?? 1).length,
        ticks,
        domain: [0, ticks.at(-1) ?? 1],
        interval: 0,
        tickFormatter: tickText,
      }}
      xAxisProps={{ minTickGap: 24 }}
      barProps={{ isAnimationActive: false }}
      role="img"
      aria-label={t('spend')}
    />
  );
}
