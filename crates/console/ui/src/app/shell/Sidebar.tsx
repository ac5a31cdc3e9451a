import { Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { PLACES } from './places';
import classes from './Shell.module.css';

/** The pages; narrow, their names are in tooltips and stay readable to screen readers. */
export function Sidebar({ isNarrow }: { isNarrow: boolean }) {
  const { t } = useTranslation('shell');
  return (
    <>
      {PLACES.map(({ name, to, icon: Icon }) => (
        <Tooltip key={to} label={t(`places.${name}`)} position="right" disabled={!isNarrow}>
          <Link
            to={to}
            activeOptions={{ exact: true, includeSearch: false }}
            className={isNarrow ? `${classes.link} ${classes.narrow}` : classes.link}
            aria-label={isNarrow ? t(`places.${name}`) : undefined}
          >
            <Icon size={20} stroke={1.7} aria-hidden />
            {!isNarrow && t(`places.${name}`)}
          </Link>
        </Tooltip>
      ))}
    </>
  );
}
