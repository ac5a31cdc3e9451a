import { Text } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { When } from '@/shared/When';

import type { CardLine } from './cardLines';
import classes from './History.module.css';

/** What every version of a price rule has. */
interface Version {
  price_version: number;
  valid_from: string;
  valid_to: string | null;
  author: string;
  note: string | null;
  ended_by: string | null;
  end_note?: string | null;
}

interface Props<V extends Version> {
  /** The latest first. */
  versions: readonly V[];
  /** What a version says, by name; what differs from the version before it stands out. */
  facts: (version: V) => readonly CardLine[];
  label: string;
}

/** Every version of a price rule: who, when, why, and what was different before. */
export function History<V extends Version>({ versions, facts, label }: Props<V>) {
  const { t } = useTranslation('prices');
  return (
    <ol className={classes.list} aria-label={label}>
      {versions.map((version, index) => {
        const earlier = versions[index + 1];
        return (
          <li key={version.price_version} className={classes.version}>
            <Text size="sm" fw={600} component="div">
              {t('versionNumber', { version: version.price_version })} · <When at={version.valid_from} />
              {version.valid_to && (
                <>
                  {' – '}
                  <When at={version.valid_to} />
                </>
              )}
            </Text>
            <Text size="xs" c="dimmed" className="break">
              {t('setBy', { author: version.author })}
              {version.note && ` · ${version.note}`}
            </Text>
            <Changes now={facts(version)} before={earlier ? facts(earlier) : null} />
            {version.ended_by !== null && version.end_note !== undefined && !versions[index - 1] && (
              <Text size="xs" c="dimmed" className="break">
                {t('endedBy', { author: version.ended_by })}
                {version.end_note && ` · ${version.end_note}`}
              </Text>
            )}
          </li>
        );
      })}
    </ol>
  );
}

/** What a version says beside what the one before it said. */
function Changes({ now, before }: { now: readonly CardLine[]; before: readonly CardLine[] | null }) {
  const { t } = useTranslation(['prices', 'common']);
  const gone = (before ?? []).filter(({ label }) => !now.some((fact) => fact.label === label));
  const all = [...now, ...gone.map(({ label }) => ({ label, value: t('common:none') }))];
  return (
    <ul className={classes.facts}>
      {all.map(({ label, value }) => {
        const old = before && (before.find((fact) => fact.label === label)?.value ?? t('common:none'));
        const isChanged = old !== null && old !== value;
        return (
          <li key={label} data-changed={isChanged || undefined}>
            {label} <span className="tabular nowrap">
              {isChanged && (
                <>
                  {old} <IconArrowRight size={11} aria-label={t('becomes')} />{' '}
                </>
              )}
              {value}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
