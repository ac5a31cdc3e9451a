import { Button, Card, Group, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { IconPencil, IconRestore } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useOverridesOf } from '@/data/overrides';
import type { Price } from '@/data/prices';
import { useUpstreams } from '@/data/upstreams';
import { PriceForm } from '@/features/pricing/PriceForm';
import { RateCardView } from '@/features/pricing/RateCardView';
import { textsOf } from '@/features/pricing/rates';

import { resettable } from './ResetDialog';

interface Props {
  price: Price;
  onReset: () => void;
}

/** All a model's prices side by side: the one in force, the synced one, those of single upstreams. */
export function PriceDetails({ price, onReset }: Props) {
  const { t } = useTranslation('prices');
  const upstreams = useUpstreams();
  const [isEditing, setEditing] = useState(false);
  const nameOf = (id: string) => upstreams.data?.items.find((upstream) => upstream.id === id)?.name ?? id;
  const global = price.overrides.find((override) => override.upstream_id === null);
  return (
    <Stack gap="md" py="xs">
      {isEditing ? (
        <Card padding="md">
          <Editor price={price} overrideId={global?.override_id ?? null} onDone={() => setEditing(false)} />
        </Card>
      ) : (
        <Group gap="xs">
          <Button size="xs" variant="light" leftSection={<IconPencil size={14} />} onClick={() => setEditing(true)}>
            {t(global ? 'editPrice' : 'overridePrice')}
          </Button>
          {resettable(price).length > 0 && (
            <Button size="xs" variant="default" leftSection={<IconRestore size={14} />} onClick={onReset}>
              {t('resetPrice')}
            </Button>
          )}
        </Group>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        {price.effective && <RateCardView title={t('inForce')} card={price.effective} />}
        {global && price.synced && <RateCardView title={t('officialPrice')} card={price.synced} />}
        {price.overrides.map(
          (override) =>
            override.upstream_id && (
              <RateCardView
                key={override.upstream_id}
                title={t('onUpstream', { upstream: nameOf(override.upstream_id) })}
                card={override.price}
              />
            ),
        )}
      </SimpleGrid>
      {!price.effective && (
        <Text size="sm" c="dimmed">
          {t('onlySomeUpstreams')}
        </Text>
      )}
    </Stack>
  );
}

function Editor({ price, overrideId, onDone }: { price: Price; overrideId: string | null; onDone: () => void }) {
  const overrides = useOverridesOf(price.model, overrideId !== null);
  const override = overrides.data?.items.find(({ id }) => id === overrideId);
  if (overrideId && overrides.isPending) return <Skeleton h={140} />;
  return (
    <PriceForm
      model={price.model}
      start={textsOf(price.effective ?? price.synced)}
      keep={price.effective ?? undefined}
      override={override}
      onDone={onDone}
      onCancel={onDone}
    />
  );
}
