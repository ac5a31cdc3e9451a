import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  label: string;
  children: ReactNode;
}

/** One thing that is known, under its name. */
export function Fact({ label, children }: Props) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text size="sm" component="div" className="tabular break">
        {children}
      </Text>
    </div>
  );
}
