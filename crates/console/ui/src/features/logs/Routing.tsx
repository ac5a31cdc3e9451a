import { Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { LogRouting, RoutingCandidate } from '@/data/logs';
import { Badge, type Tone } from '@/shared/Badge';

/** Which upstreams came into question, in the order they were to be tried, and why the others were passed over. */
export function Routing({ routing }: { routing: LogRouting }) {
  const { t } = useTranslation(['logs', 'common']);
  return (
    <>
      <Table.ScrollContainer minWidth={280} type="native" tabIndex={0}>
        <Table aria-label={t('routing')} fz="sm" horizontalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('common:upstream')}</Table.Th>
              <Table.Th ta="right">{t('order')}</Table.Th>
              <Table.Th>{t('result')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {routing.candidates.map((candidate, index) => (
              <Table.Tr key={`${candidate.upstream_id} ${index}`}>
                <Table.Td className="break">{candidate.upstream_name}</Table.Td>
                <Table.Td ta="right" className="tabular nowrap">
                  {t('priorityWeight', { priority: candidate.priority, weight: candidate.weight })}
                </Table.Td>
                <Table.Td>
                  <Badge tone={toneOf(candidate)}>
                    {t(`results.${candidate.result}`)}
                    {candidate.http_status !== null && ` · ${candidate.http_status}`}
                  </Badge>
                  {candidate.error && (
                    <Text size="xs" c="dimmed" lang="en">
                      {candidate.error}
                    </Text>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {routing.omitted > 0 && (
        <Text size="xs" c="dimmed">
          {t('passedOver', { count: routing.omitted })}
        </Text>
      )}
    </>
  );
}

function toneOf({ result, http_status: status }: RoutingCandidate): Tone {
  if (result === 'answered') return status !== null && status >= 400 ? 'warn' : 'good';
  return result === 'failed' ? 'bad' : 'neutral';
}
