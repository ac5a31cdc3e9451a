import { Button, Card, Code, Group, NumberInput, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconCalculator } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import { asApiError, type ApiError } from '@/api/problem';
import { useSimulate } from '@/data/prices';
import { Badge } from '@/shared/Badge';
import { BillingBadge } from '@/shared/BillingBadge';
import { DataTable, type Column } from '@/shared/DataTable';
import { compare } from '@/shared/decimal';
import { Money } from '@/shared/Money';
import { Problem } from '@/shared/Problem';
import { Empty } from '@/shared/QueryState';
import { useFilters } from '@/shared/search';

type Result = Schemas['SimulationResult'];

const METERS = ['input', 'output', 'cache_read', 'cache_write_5m'] as const;

/** What would this cost on each upstream? Nothing is sent and nothing recorded. */
export function Simulator() {
  const { t } = useTranslation(['prices', 'common', 'domain']);
  const [search, setSearch] = useFilters();
  const simulate = useSimulate();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [error, setError] = useState<ApiError | null>(null);
  const form = useForm({
    initialValues: {
      model: search.model ?? '',
      tier: '',
      input: 10_000 as number | string,
      output: 1_000 as number | string,
      cache_read: 0 as number | string,
      cache_write_5m: 0 as number | string,
    },
    validate: { model: (model) => (model.trim() === '' ? t('common:required') : null) },
  });
  const submit = (values: typeof form.values) => {
    setError(null);
    setSearch({ model: values.model.trim() });
    const usage = Object.fromEntries(
      METERS.map((meter) => [meter, Number(values[meter]) || 0] as const).filter(([, units]) => units > 0),
    );
    simulate.mutate(
      { model: values.model.trim(), tier: values.tier.trim() || null, usage },
      { onError: (reason) => setError(asApiError(reason)) },
    );
  };
  const toggle = (key: string) => {
    const next = new Set(open);
    if (!next.delete(key)) next.add(key);
    setOpen(next);
  };
  const keyOf = (result: Result) => result.upstream_id ?? result.provider;
  const results = [...(simulate.data?.results ?? [])].sort(byCost);
  const cheapest = results.length > 1 && results[0]?.cost ? keyOf(results[0]) : null;
  const columns: Column<Result>[] = [
    {
      id: 'upstream',
      header: t('common:upstream'),
      onCard: 'title',
      cell: (row) => (
        <Group gap={6}>
          <Text size="sm" fw={500}>
            {row.upstream_name ?? row.provider}
          </Text>
          {keyOf(row) === cheapest && <Badge tone="good">{t('cheapest')}</Badge>}
          {!row.enabled && <Badge tone="neutral">{t('common:disabled')}</Badge>}
        </Group>
      ),
    },
    {
      id: 'status',
      header: t('status'),
      onCard: 'aside',
      cell: (row) => <BillingBadge status={row.billing_status} reason={row.reason} />,
    },
    { id: 'as', header: t('pricedAs'), cell: (row) => row.pricing?.priced_as ?? row.model_sent },
    { id: 'list', header: t('listCost'), align: 'right', cell: (row) => <Money value={row.list_cost} /> },
    { id: 'cost', header: t('cost'), align: 'right', cell: (row) => <Money value={row.cost} fw={600} /> },
  ];
  return (
    <Card component="section" aria-label={t('tabs.simulator')}>
      <form onSubmit={form.onSubmit(submit)} noValidate>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {t('simulatorAbout')}
          </Text>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
            <TextInput label={t('common:model')} {...form.getInputProps('model')} />
            <TextInput
              label={t('common:optionalLabel', { label: t('tier') })}
              description={undefined}
              {...form.getInputProps('tier')}
            />
          </SimpleGrid>
          <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
            {METERS.map((meter) => (
              <NumberInput
                key={meter}
                label={t('tokensOf', { meter: t(`domain:rate.${meter}`) })}
                min={0}
                max={1_000_000_000}
                allowDecimal={false}
                thousandSeparator=","
                hideControls
                classNames={{ input: 'tabular' }}
                {...form.getInputProps(meter)}
              />
            ))}
          </SimpleGrid>
          <Group justify="flex-end">
            <Button type="submit" loading={simulate.isPending} leftSection={<IconCalculator size={16} />}>
              {t('simulate')}
            </Button>
          </Group>
        </Stack>
      </form>
      {error && <Problem error={error} />}
      {simulate.data &&
        (results.length === 0 ? (
          <Empty title={t('noUpstreamServes')} />
        ) : (
          <DataTable
            label={t('results')}
            columns={columns}
            rows={results}
            rowKey={keyOf}
            expanded={{ keys: open, toggle, render: (row) => <Formula result={row} /> }}
          />
        ))}
    </Card>
  );
}

function byCost(a: Result, b: Result): number {
  if (!a.cost || !b.cost) return a.cost ? -1 : b.cost ? 1 : 0;
  return compare(a.cost, b.cost);
}

function Formula({ result }: { result: Result }) {
  return (
    <Stack gap={4} py="xs">
      {result.lines.map((line, index) => (
        <Code key={index} block>
          {line.formula}
        </Code>
      ))}
      {result.lines.length > 1 && result.formula && <Code block>{result.formula}</Code>}
      {result.lines.length === 0 && (
        <Text size="sm" c="dimmed" lang="en">
          {result.detail ?? result.candidates.map((candidate) => candidate.why).join('; ')}
        </Text>
      )}
    </Stack>
  );
}
