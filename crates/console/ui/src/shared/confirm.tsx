import { Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

interface Question {
  title: string;
  text: string;
  /** What the button says: the deed itself, never just "OK". */
  action: string;
  isDangerous?: boolean;
  onConfirm: () => void;
}

/** Asks before something that cannot simply be undone. */
export function useConfirm() {
  const { t } = useTranslation();
  return useCallback(
    ({ title, text, action, isDangerous = false, onConfirm }: Question) =>
      modals.openConfirmModal({
        title,
        children: <Text size="sm">{text}</Text>,
        labels: { confirm: action, cancel: t('cancel') },
        confirmProps: { color: isDangerous ? 'red' : undefined },
        closeButtonProps: { 'aria-label': t('close') },
        onConfirm,
      }),
    [t],
  );
}
