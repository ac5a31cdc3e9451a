import { Button, Group, Pagination, Select, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { count } from './format';
import { useLocale } from './preferences';

export const PAGE_SIZES = ['25', '50', '100', '200'] as const;

interface Props {
  page: number;
  size: number;
  total: number;
  onPage: (page: number) => void;
  onSize: (size: number) => void;
}

/** Pages of a list whose length is known. */
export function Pager({ page, size, total, onPage, onSize }: Props) {
  const { t } = useTranslation();
  const locale = useLocale();
  const pages = Math.max(1, Math.ceil(total / size));
  const first = total === 0 ? 0 : (page - 1) * size + 1;
  const last = Math.min(total, page * size);
  return (
    <Group justify="space-between" gap="sm">
      <Text size="sm" c="dimmed" className="tabular" aria-live="polite">
        {t('range', { first: count(first, locale), last: count(last, locale), total: count(total, locale) })}
      </Text>
      <Group gap="sm">
        <Select
          aria-label={t('pageSize')}
          data={PAGE_SIZES.map((value) => ({ value, label: t('perPage', { size: value }) }))}
          value={String(size)}
          onChange={(value) => onSize(Number(value ?? PAGE_SIZES[0]))}
          allowDeselect={false}
          size="xs"
          w={130}
        />
        <Pagination
          total={pages}
          value={page}
          onChange={onPage}
          size="sm"
          siblings={1}
          getControlProps={(control) => ({ 'aria-label': t(`pager.${control}`) })}
          getItemProps={(number) => ({ 'aria-label': t('pageNumber', { page: number }) })}
        />
      </Group>
    </Group>
  );
}

interface MoreProps {
  hasMore: boolean;
  isLoading: boolean;
  onMore: () => void;
}

/** The next rows of a list whose length is not known. */
export function More({ hasMore, isLoading, onMore }: MoreProps) {
  const { t } = useTranslation();
  if (!hasMore) return null;
  return (
    <Group justify="center">
      <Button variant="default" onClick={onMore} loading={isLoading}>
        {t('more')}
      </Button>
    </Group>
  );
}
