import { Tooltip } from '@mantine/core';
import { cloneElement, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import { useSession } from '@/api/session';

/** `viewer` reads, `finance` also sets prices, `admin` does everything. */
export type Role = Schemas['AdminRole'];

const RANK: Record<Role, number> = { viewer: 0, finance: 1, admin: 2 };

/**
 * Whether who is signed in may do what `needed` may: the `x-required-role` of the operation behind the button. The
 * gateway decides; this only keeps the console from offering what would be answered with 403.
 */
export function useMay(needed: Role): boolean {
  const { who } = useSession();
  return who !== null && RANK[who.role] >= RANK[needed];
}

interface IfMayProps {
  needs: Role;
  children: ReactNode;
  /** What stands there for everybody else. */
  otherwise?: ReactNode;
}

/** Shows something only to those who may use it. */
export function IfMay({ needs, children, otherwise = null }: IfMayProps) {
  return useMay(needs) ? children : otherwise;
}

interface GuardedProps {
  needs: Role;
  /** A button. */
  children: ReactElement<Record<string, unknown>>;
}

/** A button that everybody sees: who may not press it finds it disabled, with the reason, also by keyboard. */
export function Guarded({ needs, children }: GuardedProps) {
  const { t } = useTranslation('domain');
  const { who } = useSession();
  const isAllowed = useMay(needs);
  if (isAllowed || !who) return children;
  const reason = t('needsRole', { needed: t(`role.${needs}`), own: t(`role.${who.role}`) });
  const dead = {
    'data-disabled': true,
    'aria-disabled': true,
    onClick: (event: Event) => event.preventDefault(),
  };
  return (
    <Tooltip label={reason} events={{ hover: true, focus: true, touch: true }}>
      {cloneElement(children, dead)}
    </Tooltip>
  );
}
