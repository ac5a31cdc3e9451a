import { Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import type { RuleImport } from '@/data/ruleTables';
import { Badge, type Tone } from '@/shared/Badge';
import { count } from '@/shared/format';
import { useLocale } from '@/shared/preferences';

import classes from './ImportPreview.module.css';

type Row = Schemas['RuleImportRow'];

const TONES: Record<Row['outcome'], Tone> = { refused: 'bad', created: 'good', changed: 'info', unchanged: 'neutral' };
const ORDER = ['refused', 'created', 'changed', 'unchanged'] as const;
/** More rows than anybody reads; the counts are of all. */
const SHOWN = 200;

/** What each row of a table would do; those that are refused first, with what is wrong. */
export function ImportPreview({ preview }: { preview: RuleImport }) {
  const { t } = useTranslation('prices');
  const locale = useLocale();
  const rows = ORDER.flatMap((outcome) => preview.items.filter((row) => row.outcome === outcome));
  return (
    <Stack gap="xs">
      <Group gap={6} role="status" aria-label={t('importCounts')}>
        {ORDER.map((outcome) => (
          <Badge key={outcome} tone={preview[outcome] > 0 ? TONES[outcome] : 'neutral'}>
            {t('outcomeCount', { outcome: t(`outcomes.${outcome}`), rows: count(preview[outcome], locale) })}
          </Badge>
        ))}
      </Group>
      <Text size="sm" c={preview.refused > 0 ? 'var(--mantine-color-error)' : 'dimmed'}>
        {preview.refused > 0 ? t('nothingWithRefused') : t('nothingYet')}
      </Text>
      <ul className={classes.rows} tabIndex={0} aria-label={t('importRowsList')}>
        {rows.slice(0, SHOWN).map((row) => (
          <li key={row.row} className={classes.row}>
            <Group gap="xs">
              <Badge tone={TONES[row.outcome]}>{t(`outcomes.${row.outcome}`)}</Badge>
              <Text size="sm" fw={500} className="break">
                {row.name ?? t('unreadableName')}
              </Text>
              <Text size="xs" c="dimmed" className="tabular">
                {row.line === null ? t('rowNumber', { row: row.row }) : t('lineNumber', { line: row.line })}
              </Text>
            </Group>
            {row.errors.map((fault, index) => (
              <Text key={index} size="xs" c="var(--mantine-color-error)" lang="en" className="break">
                {fault.field}: {fault.message}
              </Text>
            ))}
            {row.warnings.map((warning, index) => (
              <Text key={index} size="xs" c="dimmed" lang="en" className="break">
                {warning}
              </Text>
            ))}
          </li>
        ))}
      </ul>
      {rows.length > SHOWN && (
        <Text size="sm" c="dimmed">
          {t('andMore', { count: rows.length - SHOWN })}
        </Text>
      )}
    </Stack>
  );
}
