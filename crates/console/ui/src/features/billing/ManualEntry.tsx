import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { PriceForm } from '@/features/pricing/PriceForm';

/** The price of any model, also of one that nobody has asked for yet. */
export function ManualEntry() {
  const { t } = useTranslation(['billing', 'common']);
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={open}>
        {t('enterPrice')}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={t('enterPrice')}
        size="xl"
        closeButtonProps={{ 'aria-label': t('common:close') }}
      >
        <PriceForm onDone={close} onCancel={close} />
      </Modal>
    </>
  );
}
