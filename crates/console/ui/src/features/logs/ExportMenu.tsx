import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { exportAddress, type LogFilters } from '@/data/logs';

/** The requests that match, as a file. */
export function ExportMenu({ filters }: { filters: LogFilters }) {
  const { t } = useTranslation('logs');
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" size="xs" leftSection={<IconDownload size={14} />}>
          {t('export')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('exportAll')}</Menu.Label>
        <Menu.Item component="a" href={exportAddress(filters, 'csv')} download>
          {t('exportCsv')}
        </Menu.Item>
        <Menu.Item component="a" href={exportAddress(filters, 'jsonl')} download>
          {t('exportJsonl')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
