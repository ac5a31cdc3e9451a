import { Box, Button, Card, Group, NumberInput, Select, SimpleGrid, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconCalculator } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import { asApiError, type ApiError } from '@/api/problem';
import { useSimulate } from '@/data/prices';
import { useUpstreams } from '@/data/upstreams';
import { ModelInput } from '@/features/pricing/ModelInput';
import { Badge } from '@/shared/Badge';
import { BillingBadge } from '@/shared/BillingBadge';
import { DataTable, type Column } from '@/shared/DataTable';
import { compare, multiple } from '@/shared/decimal';
import fields from '@/shared/FieldGrid.module.css';
import { Formula } from '@/shared/Formula';
import { Money } from '@/shared/Money';
import { Problem } from '@/shared/Problem';
import { Empty } from '@/shared/QueryState';
import { useFilters } from '@/shared/search';
import { useMeterName } from '@/shared/useMeterName';
import { useOpen } from '@/shared/useOpen';

import { Candidates } from './Candidates';

type Result = Schemas['SimulationResult'];

const METERS = [
  'input',
  'output',
  'cache_read',
  'cache_write_5m',
  'cache_write_1h',
  'reasoning',
  'audio_input',
  'images_out',
  'web_search',
] as const;
/** What is counted in tokens says so. */
const NOT_TOKENS: readonly string[] = ['images_out', 'web_search'];
const EVERYWHERE = 'everywhere';

/** What would this cost on each upstream? Nothing is sent and nothing recorded. */
export function Simulator() {
  const { t } = useTranslation(['prices', 'common', 'domain']);
  const [search, setSearch] = useFilters();
  const simulate = useSimulate();
  const upstreams = useUpstreams();
  const meterName = useMeterName();
  const open = useOpen();
  const [error, setError] = useState<ApiError | null>(null);
  const form = useForm({
    initialValues: {
      model: search.model ?? '',
      upstream: EVERYWHERE,
      tier: '',
      modifiers: '',
      ...(Object.fromEntries(METERS.map((meter) => [meter, ''])) as Record<(typeof METERS)[number], number | string>),
      input: 10_000 as number | string,
      output: 1_000 as number | string,
    },
    validate: {
      model: (model) => (model.trim() === '' ? t('common:required') : null),
      input: (_, values) => (Object.keys(usageOf(values)).length === 0 ? t('someUsage') : null),
    },
  });
  const submit = (values: typeof form.values) => {
    setError(null);
    setSearch({ model: values.model.trim() });
    simulate.mutate(
      {
        model: values.model.trim(),
        upstream_id: values.upstream === EVERYWHERE ? null : values.upstream,
        tier: values.tier.trim() || null,
        modifiers: values.modifiers.split(/[\s,]+/).filter(Boolean),
        usage: usageOf(values),
      },
      { onError: (reason) => setError(asApiError(reason)) },
    );
  };
  const results = [...(simulate.data?.results ?? [])].sort(byCost);
  const least = results.length > 1 ? results[0] : undefined;
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
          {row === least && row.cost && <Badge tone="good">{t('cheapest')}</Badge>}
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
    {
      id: 'against',
      header: t('againstCheapest'),
      align: 'right',
      cell: (row) => {
        const factor = row.cost && least?.cost && row !== least ? multiple(row.cost, least.cost) : null;
        return factor === null ? null : `×${factor}`;
      },
    },
  ];
  const places = (upstreams.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Card component="section" aria-label={t('tabs.simulator')}>
      <form onSubmit={form.onSubmit(submit)} noValidate>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {t('simulatorAbout')}
          </Text>
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }} spacing="sm">
            <ModelInput label={t('common:model')} {...form.getInputProps('model')} />
            <Select
              label={t('common:upstream')}
              data={[{ value: EVERYWHERE, label: t('everyServing') }, ...places]}
              allowDeselect={false}
              {...form.getInputProps('upstream')}
            />
            <TextInput label={t('common:optionalLabel', { label: t('tier') })} {...form.getInputProps('tier')} />
            <TextInput
              label={t('common:optionalLabel', { label: t('modifiers') })}
              {...form.getInputProps('modifiers')}
            />
          </SimpleGrid>
          <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="sm" verticalSpacing={0} className={fields.fields}>
            {METERS.map((meter) => (
              <NumberInput
                key={meter}
                label={NOT_TOKENS.includes(meter) ? meterName(meter) : t('tokensOf', { meter: meterName(meter) })}
                min={0}
                max={1_000_000_000}
                allowDecimal={false}
                allowNegative={false}
                thousandSeparator=","
                hideControls
                placeholder="0"
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
      {error && <Problem error={error} onRetry={() => submit(form.values)} />}
      {simulate.isPending && (
        <Stack gap="sm" mt="md" aria-busy="true" aria-label={t('common:loading')} role="status">
          <Skeleton height={36} />
          <Skeleton height={36} />
        </Stack>
      )}
      {simulate.data &&
        (results.length === 0 ? (
          <Empty title={t('noUpstreamServes')} />
        ) : (
          <Box mt="md">
            <DataTable
              label={t('results')}
              columns={columns}
              rows={results}
              rowKey={(row) => row.upstream_id ?? row.provider}
              expanded={{ keys: open.keys, toggle: open.toggle, render: (row) => <Computed result={row} /> }}
            />
          </Box>
        ))}
    </Card>
  );
}

/** The counts that are not zero, by meter. */
function usageOf(values: Record<(typeof METERS)[number], number | string>): Record<string, number> {
  const counts = METERS.map((meter) => [meter, Number(values[meter]) || 0] as const);
  return Object.fromEntries(counts.filter(([, units]) => units > 0));
}

/** Those without a cost stand last: nobody knows whether they are cheap. */
function byCost(a: Result, b: Result): number {
  if (!a.cost || !b.cost) return a.cost ? -1 : b.cost ? 1 : 0;
  return compare(a.cost, b.cost);
}

function Computed({ result }: { result: Result }) {
  return (
    <Stack gap="xs" py="xs">
      {result.lines.length > 0 && <Formula lines={result.lines} cost={result.cost} />}
      {result.detail && (
        <Text size="sm" c="dimmed" lang="en">
          {result.detail}
        </Text>
      )}
      <Candidates candidates={result.candidates} />
    </Stack>
  );
}
