import { Group, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react';

import type { LogSort } from '@/data/logs';
import { useIsPhone } from '@/shared/useIsPhone';

interface Props {
  name: 'time' | 'cost';
  label: string;
  sort: LogSort;
  onSort: (sort: LogSort) => void;
}

/** The head of a column that orders the rows, the highest first, then the other way round. A card's is its name only. */
export function SortHeader({ name, label, sort, onSort }: Props) {
  const isPhone = useIsPhone();
  if (isPhone) return <>{label}</>;
  const isDown = sort === `${name}_desc`;
  const Arrow = isDown ? IconArrowDown : sort === `${name}_asc` ? IconArrowUp : IconArrowsSort;
  return (
    <UnstyledButton fz="inherit" fw="inherit" c="inherit" onClick={() => onSort(`${name}_${isDown ? 'asc' : 'desc'}`)}>
      <Group gap={4} wrap="nowrap" display="inline-flex">
        {label}
        <Arrow size={13} aria-hidden />
      </Group>
    </UnstyledButton>
  );
}
