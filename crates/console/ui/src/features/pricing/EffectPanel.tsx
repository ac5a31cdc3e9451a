import { Group, Stack, Table, Text } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import { Badge } from '@/shared/Badge';
import { count, grouped } from '@/shared/format';
import { Money } from '@/shared/Money';
import { useLocale } from '@/shared/preferences';
import { useMeterName } from '@/shared/useMeterName';

type Change = Schemas['GuardedChange'];
type Traffic = Schemas['TrafficEffect'];

/** Groups that are shown: the largest differences. */
const SHOWN = 8;

/** What a change of prices would do: each rate that moves, and the last week's traffic priced before and after. */
export function EffectPanel({ effect }: { effect: Schemas['PriceEffect'] }) {
  const { t } = useTranslation(['prices', 'domain']);
  const locale = useLocale();
  const { traffic } = effect;
  return (
    <Stack gap="sm">
      <Table aria-label={t('changes')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('what')}</Table.Th>
            <Table.Th ta="right">{t('before')}</Table.Th>
            <Table.Th ta="right">{t('after')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {effect.changes.map((change, index) => (
            <Table.Tr key={index}>
              <Table.Td>
                <Text size="sm" fw={500} className="break">
                  {change.model ?? change.upstream_name}
                </Text>
                <Group gap={6}>
                  <Text size="xs" c="dimmed">
                    <Subject change={change} />
                  </Text>
                  <Badge tone="warn">{t(`domain:changeReason.${change.reason}`)}</Badge>
                </Group>
              </Table.Td>
              <Table.Td ta="right" className="tabular">
                {change.before ? grouped(change.before) : t('noPrice')}
              </Table.Td>
              <Table.Td ta="right" className="tabular">
                {change.after ? grouped(change.after) : t('noPrice')}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {traffic.attempts > 0 ? (
        <Group gap="xs" wrap="wrap">
          <Text size="sm">{t('lastDays', { count: daysOf(traffic), attempts: count(traffic.attempts, locale) })}</Text>
          <Money value={traffic.cost_before} fz="sm" fw={600} />
          <IconArrowRight size={14} aria-label={t('becomes')} />
          <Money value={traffic.cost_after} fz="sm" fw={600} />
          {traffic.unbilled_after > 0 && (
            <Badge tone="bad">{t('wouldBeUnbilled', { attempts: count(traffic.unbilled_after, locale) })}</Badge>
          )}
        </Group>
      ) : (
        <Text size="sm" c="dimmed">
          {t('noTraffic', { count: daysOf(traffic) })}
        </Text>
      )}
      <Groups traffic={traffic} />
      {!traffic.complete && (
        <Text size="xs" c="dimmed">
          {t('effectIncomplete', { entries: count(traffic.entries_read, locale) })}
        </Text>
      )}
    </Stack>
  );
}

/** Over how many days the traffic was looked at. */
function daysOf({ from, until }: Traffic): number {
  return Math.max(1, Math.round((new Date(until).getTime() - new Date(from).getTime()) / 86_400_000));
}

/** The same by model and upstream, the largest difference first. */
function Groups({ traffic }: { traffic: Traffic }) {
  const { t } = useTranslation(['prices', 'common']);
  const groups = traffic.groups.slice(0, SHOWN);
  if (groups.length === 0) return null;
  return (
    <Table verticalSpacing={4} fz="xs" aria-label={t('effectGroups')}>
      <Table.Tbody>
        {groups.map((group) => (
          <Table.Tr key={`${group.model ?? ''}@${group.upstream_id}`}>
            <Table.Td className="break">{group.model ?? t('common:unknown')}</Table.Td>
            <Table.Td className="break">{group.upstream_name}</Table.Td>
            <Table.Td ta="right" className="tabular nowrap">
              <Money value={group.cost_before} /> → <Money value={group.cost_after} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Subject({ change }: { change: Change }) {
  const { t } = useTranslation('domain');
  const meterName = useMeterName();
  if (change.subject === 'rate' && change.meter) return <>{meterName(change.meter)}</>;
  return <>{t(`subject.${change.subject}`)}</>;
}
