import { Button, Group, Stack, Table, Text, VisuallyHidden } from '@mantine/core';
import { IconHistory, IconUserSearch } from '@tabler/icons-react';
import { Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useAuditEntry, type AuditDetail, type AuditEntry } from '@/data/audit';
import { dateTime } from '@/shared/format';
import { Identifier } from '@/shared/Identifier';
import { useLocale } from '@/shared/preferences';
import { QueryState } from '@/shared/QueryState';
import { useFilters } from '@/shared/search';
import { useIsPhone } from '@/shared/useIsPhone';

import classes from './AuditDiff.module.css';
import { changes, lines, type Change } from './changes';

/** An edit, opened: what stood there before and after, and the way to what else was done. */
export function AuditDetails({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation('system');
  const query = useAuditEntry(entry.id);
  const [, setSearch] = useFilters();
  return (
    <Stack gap="sm" py="xs">
      <QueryState query={query}>{(detail) => <Diff detail={detail} />}</QueryState>
      <Group gap="xs">
        {entry.resource_id && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconHistory size={14} />}
            onClick={() => setSearch({ kind: entry.resource_kind, resource: entry.resource_id, action: null, actor: null }, false)}
          >
            {t('audit.ofThis')}
          </Button>
        )}
        <Button
          size="xs"
          variant="default"
          leftSection={<IconUserSearch size={14} />}
          onClick={() => setSearch({ actor: entry.actor_name, kind: null, resource: null, action: null }, false)}
        >
          {t('audit.byThem', { who: entry.actor_name })}
        </Button>
      </Group>
    </Stack>
  );
}

/** Old and new value of each field that changed; the others on demand. */
function Diff({ detail }: { detail: AuditDetail }) {
  const { t } = useTranslation('system');
  const isPhone = useIsPhone();
  const [isWhole, setWhole] = useState(false);
  const all = changes(detail.before, detail.after);
  const same = all.filter(({ kind }) => kind === 'same');
  const shown = isWhole ? all : all.filter(({ kind }) => kind !== 'same');
  if (all.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('audit.noState')}
      </Text>
    );
  }
  const hasBoth = Boolean(detail.before && detail.after);
  // Three columns leave no room for names on a phone: each stands above its values there.
  const isAbove = isPhone && hasBoth;
  return (
    <Stack gap="xs">
      <Table.ScrollContainer minWidth={isPhone ? 220 : 320}>
        <Table
          className={classes.table}
          verticalSpacing={5}
          horizontalSpacing={isPhone ? 'xs' : 'md'}
          aria-label={t('audit.diff')}
        >
          <Table.Thead>
            <Table.Tr>
              {!isAbove && <Table.Th w="28%">{t('audit.field')}</Table.Th>}
              {detail.before && <Table.Th w={isAbove ? '50%' : hasBoth ? '36%' : undefined}>{t('audit.before')}</Table.Th>}
              {detail.after && <Table.Th w={isAbove ? '50%' : hasBoth ? '36%' : undefined}>{t('audit.after')}</Table.Th>}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((change) => (
              <Fragment key={change.field}>
                {isAbove && (
                  <Table.Tr className={classes.above}>
                    <Name change={change} span={2} />
                  </Table.Tr>
                )}
                <Table.Tr>
                  {!isAbove && <Name change={change} />}
                  {detail.before && (
                    <Table.Td>
                      <Value change={change} side="before" isMarked={hasBoth} />
                    </Table.Td>
                  )}
                  {detail.after && (
                    <Table.Td>
                      <Value change={change} side="after" isMarked={hasBoth} />
                    </Table.Td>
                  )}
                </Table.Tr>
              </Fragment>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {hasBoth && same.length > 0 && (
        <Group>
          <Button size="compact-xs" variant="subtle" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
            {isWhole ? t('audit.hideSame') : t('audit.showSame', { count: same.length })}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function Name({ change, span }: { change: Change; span?: number }) {
  const isDimmed = change.isBookkeeping || change.kind === 'same';
  return (
    <Table.Td colSpan={span} className={classes.field} c={isDimmed ? 'dimmed' : undefined}>
      <Identifier>{change.field}</Identifier>
    </Table.Td>
  );
}

interface ValueProps {
  change: Change;
  side: 'before' | 'after';
  /** Whether what changed stands out; where there is only one side nothing does. */
  isMarked: boolean;
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** One value; of a list only the members that the other side lacks are marked. */
function Value({ change, side, isMarked }: ValueProps) {
  const { t } = useTranslation(['system', 'common']);
  const locale = useLocale();
  const isThere = side === 'before' ? change.kind !== 'added' : change.kind !== 'removed';
  const own = side === 'before' ? change.before : change.after;
  const other = side === 'before' ? change.after : change.before;
  if (!isThere) return <Text size="sm" c="dimmed">{t('audit.absent')}</Text>;
  if (own === null || own === undefined) return <Text size="sm" c="dimmed">{t('audit.empty')}</Text>;
  const shown = lines(own);
  if (shown.length === 0) return <Text size="sm" c="dimmed">{t('audit.emptyList')}</Text>;
  const others = new Set(Array.isArray(other) ? lines(other) : []);
  const isChanged = isMarked && change.kind !== 'same' && !change.isBookkeeping;
  const Mark = side === 'before' ? 'del' : 'ins';
  return (
    <div className={classes.value}>
      {shown.map((line, index) => {
        const written = INSTANT.test(line) ? dateTime(line, locale) : line;
        const isNew = isChanged && !(Array.isArray(own) && others.has(line));
        return (
          <div key={`${index} ${line}`}>
            {isNew ? (
              <Mark>
                <VisuallyHidden>{t(side === 'before' ? 'audit.wasMark' : 'audit.isMark')}</VisuallyHidden>
                {written}
              </Mark>
            ) : (
              written
            )}
          </div>
        );
      })}
    </div>
  );
}
