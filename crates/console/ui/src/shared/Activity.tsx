import { Anchor, Group, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';

import { count } from './format';
import { Money } from './Money';
import { useLocale } from './preferences';
import { When } from './When';

type Activity = Schemas['Activity'];

/** What it cost this month, and today: in a row. */
export function ActivityCost({ activity }: { activity: Activity | null }) {
  const { t } = useTranslation();
  if (!activity) return <>{t('none')}</>;
  return (
    <>
      <Money value={activity.month.cost} fw={600} />
      <Group gap={4} justify="flex-end" wrap="nowrap" fz="xs" c="dimmed">
        {t('activity.today')} <Money value={activity.today.cost} fz="xs" c="dimmed" />
      </Group>
    </>
  );
}

export function LastUsed({ activity }: { activity: Activity | null }) {
  const { t } = useTranslation();
  if (!activity?.last_used_at) return <>{t('activity.never')}</>;
  return <When at={activity.last_used_at} relative />;
}

const ROWS = ['attempts', 'input_tokens', 'cache_read_tokens', 'output_tokens'] as const;
const AMOUNTS = ['list_cost', 'cost', 'estimated_cost', 'charge'] as const;

interface UsageProps {
  activity: Activity;
  /** The filter of the logs that shows these requests. */
  search: Record<string, string>;
}

/** What was sent and what that cost, today and this month. */
export function UsageTable({ activity, search }: UsageProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { today, month } = activity;
  return (
    <div>
      <Table maw={560} verticalSpacing={4} horizontalSpacing="sm" aria-label={t('activity.title')} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th />
            <Table.Th ta="right">{t('activity.today')}</Table.Th>
            <Table.Th ta="right">{t('activity.month')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {ROWS.map((row) => (
            <Table.Tr key={row}>
              <Table.Td>{t(`activity.${row}`)}</Table.Td>
              <Table.Td ta="right" className="tabular">
                {count(today[row], locale)}
              </Table.Td>
              <Table.Td ta="right" className="tabular">
                {count(month[row], locale)}
              </Table.Td>
            </Table.Tr>
          ))}
          {AMOUNTS.map((row) => (
            <Table.Tr key={row}>
              <Table.Td>{t(`activity.${row}`)}</Table.Td>
              <Table.Td ta="right">
                <Money value={today[row]} />
              </Table.Td>
              <Table.Td ta="right">
                <Money value={month[row]} />
              </Table.Td>
            </Table.Tr>
          ))}
          <Table.Tr>
            <Table.Td>{t('activity.unbilled')}</Table.Td>
            <Table.Td ta="right" className="tabular">
              {count(today.unbilled, locale)}
            </Table.Td>
            <Table.Td ta="right" className="tabular">
              {count(month.unbilled, locale)}
            </Table.Td>
          </Table.Tr>
        </Table.Tbody>
      </Table>
      <Text size="xs" c="dimmed" mt={6}>
        {t('activity.hint')}
      </Text>
      <Group gap="md" mt={8}>
        <Anchor size="sm" renderRoot={(props) => <Link to="/logs" search={search} {...props} />}>
          {t('activity.logs')}
        </Anchor>
        {month.unbilled > 0 && (
          <Anchor
            size="sm"
            renderRoot={(props) => <Link to="/logs" search={{ ...search, status: 'unbilled' }} {...props} />}
          >
            {t('activity.unbilledLogs')}
          </Anchor>
        )}
      </Group>
    </div>
  );
}
