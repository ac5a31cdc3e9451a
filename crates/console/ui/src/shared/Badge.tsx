import type { ReactNode } from 'react';

import classes from './Badge.module.css';

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'neutral';

interface Props {
  tone: Tone;
  children: ReactNode;
}

/** A word about a state. Colour only repeats what the word says. */
export function Badge({ tone, children }: Props) {
  return (
    <span className={classes.badge} data-tone={tone}>
      {children}
    </span>
  );
}
