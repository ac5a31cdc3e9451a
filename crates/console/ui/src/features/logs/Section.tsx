import { Text } from '@mantine/core';
import { useId, type ReactNode } from 'react';

interface Props {
  title: string;
  about?: string;
  children: ReactNode;
}

/** A named part of what a row unfolds to. */
export function Section({ title, about, children }: Props) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <Text size="sm" fw={650} id={id} mb={about ? 0 : 6}>
        {title}
      </Text>
      {about && (
        <Text size="xs" c="dimmed" mb={6}>
          {about}
        </Text>
      )}
      {children}
    </section>
  );
}
