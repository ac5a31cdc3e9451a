import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

import classes from './Fact.module.css';

interface Props {
  label: string;
  /** On a phone it needs the whole width: what it says cannot be broken. */
  isWide?: boolean;
  children: ReactNode;
}

/** One thing that is known, under its name. */
export function Fact({ label, isWide = false, children }: Props) {
  return (
    <div className={isWide ? classes.wide : undefined}>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text size="sm" component="div" className="tabular break">
        {children}
      </Text>
    </div>
  );
}
