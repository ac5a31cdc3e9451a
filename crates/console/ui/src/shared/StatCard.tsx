import { Anchor, Box, Card, Group, Skeleton, Text } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { asApiError, type ApiError } from '@/api/problem';

import classes from './StatCard.module.css';

interface Props {
  label: string;
  icon: Icon;
  value: ReactNode;
  detail?: ReactNode;
  /** What can be done; it stands above the detail, which grows and shrinks. */
  action?: ReactNode;
  /** What the figure comes from; without it the figure is known. */
  query?: Pick<UseQueryResult, 'data' | 'error' | 'refetch'>;
  /** Something that must not be overlooked. */
  tone?: 'bad';
}

/** One figure that answers a question; while it is on its way there is room for it, and where it fails it says so. */
export function StatCard({ label, icon: Glyph, value, detail, action, tone, query }: Props) {
  const isKnown = query === undefined || query.data !== undefined;
  return (
    <Card component="section" aria-label={label} padding="md" h="100%" className={classes.card} data-tone={tone}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" c="dimmed" fw={500}>
          {label}
        </Text>
        <Text c="dimmed" component="span" lh={0} visibleFrom="xs">
          <Glyph size={18} stroke={1.7} aria-hidden />
        </Text>
      </Group>
      {isKnown ? (
        <div className={`${classes.value} tabular`}>{value}</div>
      ) : query.error ? (
        <Failure error={asApiError(query.error)} onRetry={() => void query.refetch()} />
      ) : (
        <Loading />
      )}
      {action && (
        <Box mt={4} mb={6}>
          {action}
        </Box>
      )}
      {isKnown && detail && (
        <Text inherit c="dimmed" component="div" className={classes.detail}>
          {detail}
        </Text>
      )}
    </Card>
  );
}

function Loading() {
  const { t } = useTranslation();
  return (
    <div role="status" aria-busy="true" aria-label={t('loading')}>
      <div className={classes.value}>
        <Skeleton h="1.3em" w="60%" />
      </div>
      <div className={classes.detail}>
        {['90%', '70%'].map((width) => (
          <div key={width} className={classes.line}>
            <Skeleton h="0.9em" w={width} />
          </div>
        ))}
      </div>
    </div>
  );
}

/** A failure in a word: a card has no room for more. */
function Failure({ error, onRetry }: { error: ApiError; onRetry: () => void }) {
  const { t } = useTranslation(['problems', 'common']);
  return (
    <Text size="sm" role="alert" mt={4} component="div">
      <Text inherit c="var(--mantine-color-error)">
        {t(error.kind)}
      </Text>
      <Anchor component="button" type="button" inherit onClick={onRetry}>
        {t('common:retry')}
      </Anchor>
    </Text>
  );
}
