import { ActionIcon, Group, Tooltip } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';

import { IfMay, type Role } from './may';

export interface RowAction {
  id: string;
  icon: Icon;
  /** What it does, in a word or two. */
  hint: string;
  /** The same with the name of the row: for those who do not see which row it stands in. */
  label: string;
  isQuiet?: boolean;
  onClick: () => void;
}

/** What can be done with a row, for those who may. */
export function RowActions({ needs, actions }: { needs: Role; actions: readonly RowAction[] }) {
  return (
    <IfMay needs={needs}>
      <Group gap={4} wrap="nowrap" justify="flex-end">
        {actions.map(({ id, icon: Glyph, hint, label, isQuiet, onClick }) => (
          <Tooltip key={id} label={hint}>
            <ActionIcon variant="subtle" color={isQuiet ? 'gray' : undefined} onClick={onClick} aria-label={label}>
              <Glyph size={18} />
            </ActionIcon>
          </Tooltip>
        ))}
      </Group>
    </IfMay>
  );
}
