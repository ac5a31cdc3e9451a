import { Box, Card, Group, Text } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import classes from './StatCard.module.css';

interface Props {
  label: string;
  icon: Icon;
  value: ReactNode;
  detail?: ReactNode;
  action?: ReactNode;
  /** Something that must not be overlooked. */
  tone?: 'bad';
}

/** One figure that answers a question. */
export function StatCard({ label, icon: Glyph, value, detail, action, tone }: Props) {
  return (
    <Card component="section" aria-label={label} padding="md" h="100%" className={classes.card} data-tone={tone}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" c="dimmed" fw={500}>
          {label}
        </Text>
        <Text c="dimmed" component="span" lh={0}>
          <Glyph size={18} stroke={1.7} aria-hidden />
        </Text>
      </Group>
      <div className={`${classes.value} tabular`}>{value}</div>
      {detail && (
        <Text inherit c="dimmed" component="div" className={classes.detail}>
          {detail}
        </Text>
      )}
      {action && <Box mt="sm">{action}</Box>}
    </Card>
  );
}
