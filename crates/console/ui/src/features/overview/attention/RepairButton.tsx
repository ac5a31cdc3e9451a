import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronRight, IconPencilPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';

import type { AttentionItem } from '@/data/attention';
import { allTexts } from '@/i18n';
import { IfMay } from '@/shared/may';

import { repairOf, type Repair } from './repair';

// Its forms are those of other pages, and so are their texts.
const RepairDialog = lazy(async () => {
  const [dialog] = await Promise.all([import('./RepairDialog'), allTexts()]);
  return dialog;
});

/** The way to mend an item, right beside it. */
export function RepairButton({ item }: { item: AttentionItem }) {
  const { t } = useTranslation('overview');
  const repair = repairOf(item);
  if (!repair) return null;
  if (repair.way === 'page') {
    const { to, search } = repair;
    return (
      <Button
        renderRoot={(props) => <Link to={to} search={search} {...props} />}
        size="xs"
        variant="light"
        rightSection={<IconChevronRight size={14} />}
      >
        {t(`repairs.${repair.label}`)}
      </Button>
    );
  }
  return (
    <IfMay needs={repair.way === 'bill_by_sent' ? 'admin' : 'finance'}>
      <InDialog repair={repair} />
    </IfMay>
  );
}

function InDialog({ repair }: { repair: Exclude<Repair, { way: 'page' }> }) {
  const { t } = useTranslation('overview');
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button size="xs" leftSection={<IconPencilPlus size={14} />} onClick={open}>
        {t(`repairs.${repair.way}`)}
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <RepairDialog repair={repair} onClose={close} />
        </Suspense>
      )}
    </>
  );
}
