import { SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Upstream } from '@/data/upstreams';
import { UsageTable } from '@/shared/Activity';
import { Fact } from '@/shared/Fact';
import { When } from '@/shared/When';

import { modelText } from './models';
import { ESTIMATES, INHERIT } from './values';

/** Everything about one upstream that has no place in its row. */
export function UpstreamDetails({ upstream }: { upstream: Upstream }) {
  const { t } = useTranslation(['upstreams', 'common', 'domain']);
  const { estimate_missing_usage: estimate } = upstream;
  const estimates = estimate === null ? INHERIT : ESTIMATES[estimate ? 1 : 2];
  return (
    <Stack gap="md" py="xs">
      <SimpleGrid cols={{ base: 2, lg: 4 }} spacing="sm">
        <Fact label={t('baseUrl')} isWide>{upstream.base_url}</Fact>
        <Fact label={t('protocols')}>
          {upstream.protocols.map((protocol) => t(`domain:protocol.${protocol}`)).join(', ')}
        </Fact>
        <Fact label={t('models')}>
          {upstream.models.length === 0 ? (
            t('anyModel')
          ) : (
            <Text size="sm" style={{ whiteSpace: 'pre-line' }} lineClamp={8}>
              {modelText(upstream.models)}
            </Text>
          )}
        </Fact>
        <Fact label={t('credential')}>{upstream.credential_fingerprint ?? t('noCredential')}</Fact>
        <Fact label={t('billBy')}>{t(`billByOptions.${upstream.bill_by}`)}</Fact>
        <Fact label={t('reportedCost')}>{t(`reportedCostOptions.${upstream.reported_cost}`)}</Fact>
        <Fact label={t('onUnpriced')}>{t(`onUnpricedOptions.${upstream.on_unpriced ?? INHERIT}`)}</Fact>
        <Fact label={t('estimate')}>{t(`estimateOptions.${estimates}`)}</Fact>
        <Fact label={t('modifiers')}>{upstream.price_modifiers.join(', ') || t('common:none')}</Fact>
        <Fact label={t('changed')}>
          <When at={upstream.updated_at} relative />
        </Fact>
        <Fact label={t('created')}>
          <When at={upstream.created_at} relative />
        </Fact>
      </SimpleGrid>
      {upstream.model_multipliers.length > 0 && (
        <Table w="auto" aria-label={t('modelMultipliers')} fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('modelMultipliers')}</Table.Th>
              <Table.Th ta="right">{t('domain:rate.input')}</Table.Th>
              <Table.Th ta="right">{t('domain:rate.output')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {upstream.model_multipliers.map((pair) => (
              <Table.Tr key={pair.pattern}>
                <Table.Td className="break">{pair.pattern}</Table.Td>
                <Table.Td ta="right" className="tabular">{`× ${pair.input_multiplier}`}</Table.Td>
                <Table.Td ta="right" className="tabular">{`× ${pair.output_multiplier}`}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {upstream.activity && <UsageTable activity={upstream.activity} search={{ upstream: upstream.id }} />}
    </Stack>
  );
}
