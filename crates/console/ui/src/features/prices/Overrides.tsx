import { Button, SimpleGrid, Stack, Title } from '@mantine/core';
import { IconPencil, IconRestore, IconTagOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useOverrides, type Override } from '@/data/overrides';
import { useUpstreams } from '@/data/upstreams';
import { ManualEntry } from '@/features/billing/ManualEntry';
import { PriceForm } from '@/features/pricing/PriceForm';
import { RateCardView } from '@/features/pricing/RateCardView';
import { ChoiceFilter, choicesOf } from '@/shared/ChoiceFilter';
import type { Column } from '@/shared/DataTable';
import { IfMay } from '@/shared/may';
import { Rate } from '@/shared/Money';
import { Empty } from '@/shared/QueryState';
import { oneOf, useFilters } from '@/shared/search';

import { OverrideHistory } from './OverrideHistory';
import { RemoveRuleDialog } from './RemoveRuleDialog';
import { RuleList, useRuleColumns, useScopeOf } from './RuleList';

const SCOPES = ['global', 'upstream'] as const;
const RATES = ['input', 'output', 'cache_read'] as const;

/** Every manual price in force, with its history. */
export function Overrides() {
  const { t } = useTranslation(['prices', 'common', 'domain']);
  const [search] = useFilters();
  const query = useOverrides({ q: search.q, scope: oneOf(SCOPES, search.scope), upstream_id: search.upstream });
  const upstreams = useUpstreams();
  const [editing, setEditing] = useState<Override | null>(null);
  const [removing, setRemoving] = useState<Override | null>(null);
  const scopeOf = useScopeOf();
  const { name, scope, since } = useRuleColumns<Override>(t('common:model'), (row) => row.model);
  const rates = RATES.map(
    (rate): Column<Override> => ({
      id: rate,
      header: t(`domain:rate.${rate}`),
      align: 'right',
      cell: (row) => <Rate value={row[`${rate}_usd_per_mtok`]} />,
    }),
  );
  const close = () => setEditing(null);
  const isFiltered = Boolean(search.q ?? search.scope ?? search.upstream);
  const make = (
    <IfMay needs="finance">
      <ManualEntry />
    </IfMay>
  );
  return (
    <>
      <RuleList
        kind="overrides"
        searchHint={t('searchModelPlaceholder')}
        filters={
          <>
            <ChoiceFilter
              name="scope"
              label={t('scope')}
              data={SCOPES.map((value) => ({ value, label: t(`scopes.${value}`) }))}
            />
            <ChoiceFilter
              name="upstream"
              label={t('common:upstream')}
              data={choicesOf(upstreams.data?.items)}
            />
          </>
        }
        query={query}
        columns={[name, scope, ...rates, since]}
        empty={
          isFiltered ? (
            <Empty icon={IconTagOff} title={t('noModelFound')} hint={t('noModelFoundHint')} />
          ) : (
            <Empty icon={IconTagOff} title={t('noOverrides')} hint={t('noOverridesHint')} action={make} />
          )
        }
        details={(row) => (
          <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg" py="xs">
            <RateCardView
              title={t('inForce')}
              card={row}
              about={t('multipliedSaid', { is: t(`multipliedIs.${row.apply_multipliers ? 'yes' : 'no'}`) })}
              actions={
                <IfMay needs="finance">
                  <Button size="xs" variant="light" leftSection={<IconPencil size={14} />} onClick={() => setEditing(row)}>
                    {t('editPrice')}
                  </Button>
                  <Button
                    size="xs"
                    variant="default"
                    leftSection={<IconRestore size={14} />}
                    onClick={() => setRemoving(row)}
                  >
                    {t('removeOverride')}
                  </Button>
                </IfMay>
              }
            />
            <Stack gap="xs">
              <Title order={3} size="h6">
                {t('history')}
              </Title>
              <OverrideHistory id={row.id} />
            </Stack>
          </SimpleGrid>
        )}
        form={
          editing && {
            title: `${editing.model} · ${scopeOf(editing)}`,
            size: 'xl',
            content: <PriceForm override={editing} model={editing.model} onDone={close} onCancel={close} />,
          }
        }
        onCloseForm={close}
      />
      <RemoveRuleDialog rule={removing && { override: removing }} onClose={() => setRemoving(null)} />
    </>
  );
}
