import { Button, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDownload, IconUpload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { exportPath, type RuleKind, type TableFormat } from '@/data/ruleTables';
import { IfMay } from '@/shared/may';

import { ImportDialog } from './ImportDialog';

const FORMATS: readonly TableFormat[] = ['csv', 'json'];

/** Price rules as a table: taken along, edited elsewhere, read again. */
export function RuleTables({ kind }: { kind: RuleKind }) {
  const { t } = useTranslation('prices');
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button variant="default" leftSection={<IconDownload size={14} />}>
            {t('export')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {FORMATS.map((format) => (
            <Menu.Item key={format} component="a" href={exportPath(kind, format)} download={`${kind}.${format}`}>
              {t(`formats.${format}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <IfMay needs="finance">
        <Button variant="default" leftSection={<IconUpload size={14} />} onClick={open}>
          {t('import')}
        </Button>
      </IfMay>
      {isOpen && <ImportDialog kind={kind} onClose={close} />}
    </>
  );
}
