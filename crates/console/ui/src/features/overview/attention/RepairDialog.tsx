import { Button, Group, Modal, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useUpdateUpstream, useUpstreams } from '@/data/upstreams';
import { AliasForm } from '@/features/pricing/AliasForm';
import { PriceForm } from '@/features/pricing/PriceForm';
import { useNotify } from '@/shared/notify';
import { Placeholder } from '@/shared/Placeholder';

import type { Repair } from './repair';

type InPlace = Exclude<Repair, { way: 'page' }>;

interface Props {
  repair: InPlace;
  onClose: () => void;
}

/** Mends an item without leaving the page. */
export default function RepairDialog({ repair, onClose }: Props) {
  const { t } = useTranslation(['overview', 'common']);
  return (
    <Modal
      opened
      onClose={onClose}
      size={repair.way === 'bill_by_sent' ? 'md' : 'xl'}
      title={t(`repairs.${repair.way}`)}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      {repair.way === 'bill_by_sent' ? (
        <BillBySent upstreamId={repair.upstreamId} onClose={onClose} />
      ) : (
        <Priced repair={repair} onClose={onClose} />
      )}
    </Modal>
  );
}

/** A price for a name: as another one, or one of its own. */
function Priced({ repair, onClose }: { repair: Exclude<InPlace, { way: 'bill_by_sent' }>; onClose: () => void }) {
  const { t } = useTranslation('overview');
  const model = repair.way === 'alias' ? repair.alias : repair.model;
  const [way, setWay] = useState<'alias' | 'price'>(repair.way);
  return (
    <Stack gap="md">
      <Text size="sm" className="break">
        {t('repairPriceOf', { model })}
      </Text>
      <SegmentedControl
        aria-label={t('repairWay')}
        value={way}
        onChange={(next) => setWay(next as typeof way)}
        data={[
          { value: 'alias', label: t('asAnother') },
          { value: 'price', label: t('ownPrice') },
        ]}
      />
      {way === 'alias' ? (
        <AliasForm
          name={model}
          target={repair.way === 'alias' ? repair.target : ''}
          onDone={onClose}
          onCancel={onClose}
        />
      ) : (
        <PriceForm model={model} onDone={onClose} onCancel={onClose} />
      )}
    </Stack>
  );
}

/** Bills an upstream by what was sent to it, whatever it says it served. */
function BillBySent({ upstreamId, onClose }: { upstreamId: string; onClose: () => void }) {
  const { t } = useTranslation(['overview', 'common']);
  const notify = useNotify();
  const upstreams = useUpstreams();
  const update = useUpdateUpstream();
  const upstream = upstreams.data?.items.find(({ id }) => id === upstreamId);
  if (upstreams.isPending) return <Placeholder h={80} />;
  if (!upstream) return <Text size="sm">{t('upstreamGone')}</Text>;
  const send = () =>
    update.mutate(
      { upstream, body: { bill_by: 'sent' } },
      {
        onSuccess: () => {
          notify.done(t('billBySentDone', { upstream: upstream.name }));
          onClose();
        },
        onError: notify.failed,
      },
    );
  return (
    <Stack>
      <Text size="sm">{t('billBySentHint', { upstream: upstream.name })}</Text>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
        <Button data-autofocus onClick={send} loading={update.isPending}>
          {t('repairs.bill_by_sent')}
        </Button>
      </Group>
    </Stack>
  );
}
