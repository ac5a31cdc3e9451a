import '@mantine/charts/styles.css';

import { BarChart } from '@mantine/charts';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import { forDrawing } from '@/shared/decimal';
import { shortUsd } from '@/shared/format';
import { useLocale } from '@/shared/preferences';

const COLOURS = ['#0b8a72', '#3d7dd8', '#d9822b', '#8e5bd0', '#c2417c', '#5b8c2a', '#8a9494'];

/** Stacked bars, one for each hour or day. The only place where an amount becomes a float: for its height. */
export default function SpendChart({ data }: { data: Schemas['BillingTimeseries'] }) {
  const { t } = useTranslation('overview');
  const { language } = useLocale();
  const all = [...data.series, ...(data.other ? [data.other] : [])];
  const named = all.map((series, index) => ({
    series,
    key: `s${index}`,
    name: index < data.series.length ? (series.name ?? series.member ?? t('noMember')) : t('others'),
  }));
  const options: Intl.DateTimeFormatOptions =
    data.interval === 'hour' ? { hour: '2-digit', hourCycle: 'h23' } : { month: 'short', day: 'numeric' };
  const format = new Intl.DateTimeFormat(language, { ...options, timeZone: data.zone });
  const rows = data.points.map((at, point) => ({
    at: format.format(new Date(at.from)),
    ...Object.fromEntries(named.map(({ key, series }) => [key, forDrawing(series.values.cost[point] ?? '0')])),
  }));
  return (
    <BarChart
      h={240}
      data={rows}
      dataKey="at"
      type="stacked"
      maxBarWidth={36}
      withLegend
      legendProps={{ verticalAlign: 'bottom' }}
      valueFormatter={(value) => shortUsd(value.toFixed(12).replace(/\.?0+$/, '') || '0')}
      series={named.map(({ key, name }, index) => ({
        name: key,
        label: name,
        color: COLOURS[index % COLOURS.length] ?? 'gray',
      }))}
      yAxisProps={{ width: 72 }}
      barProps={{ isAnimationActive: false }}
      aria-label={t('spend')}
    />
  );
}
