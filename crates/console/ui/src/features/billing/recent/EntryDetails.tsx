import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { IconPencilPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';

import type { RecentEntry } from '@/data/recent';
import { PriceForm } from '@/features/pricing/PriceForm';
import { Formula } from '@/shared/Formula';
import { IfMay } from '@/shared/may';

/** What an amount is made of, line by line, or why there is none; a missing price can be set right here. */
export function EntryDetails({ row }: { row: RecentEntry }) {
  const { t } = useTranslation(['billing', 'common']);
  const { entry } = row;
  const [isPricing, { open, close }] = useDisclosure(false);
  const model = entry.outcome.model_served ?? row.model_sent ?? row.model_requested;
  return (
    <Stack gap="xs" py="xs">
      {entry.lines.length > 0 && <Formula lines={entry.lines} cost={entry.cost} />}
      {entry.detail && (
        <Text size="sm" lang="en" className="break">
          {entry.detail}
        </Text>
      )}
      {entry.pricing && (
        <Text size="sm" c="dimmed" className="break">
          {t('pricedAsIn', { model: entry.pricing.priced_as, version: entry.pricing.price_version })}
          {entry.pricing.multiplier_pattern && ` · ${t('byPattern', { pattern: entry.pricing.multiplier_pattern })}`}
        </Text>
      )}
      <Group gap="sm">
        <Anchor renderRoot={(props) => <Link to="/logs" search={{ request: row.request_id }} {...props} />} size="sm">
          {t('openInLogs')}
        </Anchor>
        {entry.reason === 'price_not_found' && model && !isPricing && (
          <IfMay needs="finance">
            <Button size="xs" leftSection={<IconPencilPlus size={14} />} onClick={open}>
              {t('setPrice')}
            </Button>
          </IfMay>
        )}
      </Group>
      {isPricing && model && <PriceForm model={model} onDone={close} onCancel={close} />}
    </Stack>
  );
}
