import { Box, Center, Skeleton, Stack, Text, ThemeIcon } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { IconInbox, type Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { asApiError } from '@/api/problem';

import { Problem } from './Problem';

interface Props<T> {
  query: Pick<UseQueryResult<T>, 'data' | 'error' | 'isPending' | 'refetch'>;
  isEmpty?: (data: T) => boolean;
  empty?: ReactNode;
  /** Lines of the placeholder while loading. */
  rows?: number;
  /** What stands there meanwhile instead, where it is known how high the answer will be. */
  placeholder?: ReactNode;
  children: (data: T) => ReactNode;
}

/** The three states of everything that is asked for, and the answer. What was read before stays under an error. */
export function QueryState<T>({ query, isEmpty, empty, rows = 4, placeholder, children }: Props<T>) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = query;
  if (isPending) {
    return (
      <Stack gap="sm" aria-busy="true" aria-label={t('loading')} role="status">
        {placeholder ??
          Array.from({ length: rows }, (_, row) => (
            <Skeleton key={row} height={row === 0 ? 22 : 36} width={row === 0 ? '40%' : '100%'} radius="md" />
          ))}
      </Stack>
    );
  }
  const problem = error ? <Problem error={asApiError(error)} onRetry={() => void refetch()} /> : null;
  if (data === undefined) return problem;
  return (
    <Stack gap="sm">
      {problem}
      {isEmpty?.(data) ? (empty ?? <Empty title={t('nothingHere')} />) : children(data)}
    </Stack>
  );
}

interface EmptyProps {
  title: string;
  hint?: ReactNode;
  icon?: Icon;
  /** Whether nothing is good news. */
  isGood?: boolean;
  action?: ReactNode;
}

/** A list without rows says why, and what to do about it. */
export function Empty({ title, hint, icon: Glyph = IconInbox, isGood = false, action }: EmptyProps) {
  return (
    <Center py="xl">
      <Stack align="center" gap={6} maw={460} ta="center">
        <ThemeIcon variant="light" color={isGood ? 'pine' : 'gray'} size={48} radius="xl">
          <Glyph size={26} stroke={1.6} />
        </ThemeIcon>
        <Text fw={600}>{title}</Text>
        {hint && (
          <Text size="sm" c="dimmed" component="div">
            {hint}
          </Text>
        )}
        {action && <Box mt={6}>{action}</Box>}
      </Stack>
    </Center>
  );
}
