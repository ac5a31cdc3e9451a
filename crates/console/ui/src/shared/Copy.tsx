import { Button, CopyButton } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  text: string;
  /** What the button says; "Copy" where nothing else is. */
  label?: string;
  icon?: ReactNode;
}

/** Puts a text into the clipboard and says so. */
export function Copy({ text, label, icon = <IconCopy size={14} /> }: Props) {
  const { t } = useTranslation();
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Button size="xs" variant="default" onClick={copy} leftSection={copied ? <IconCheck size={14} /> : icon}>
          {copied ? t('copied') : (label ?? t('copy'))}
        </Button>
      )}
    </CopyButton>
  );
}
