import { Button, Group, Stack, Tabs } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { asApiError, type ApiError } from '@/api/problem';
import { readUpstream, useCreateUpstream, useUpdateUpstream, type Upstream } from '@/data/upstreams';
import { useConfirmable } from '@/features/pricing/useConfirmable';
import { Conflict } from '@/shared/Conflict';
import { useNotify } from '@/shared/notify';
import { Problem } from '@/shared/Problem';
import { changedFields, formErrors } from '@/shared/revision';
import { useRevised } from '@/shared/useRevised';

import { ConnectionFields } from './ConnectionFields';
import { PolicyFields } from './PolicyFields';
import { PriceFields } from './PriceFields';
import { useFieldName } from './useFieldName';
import { useUpstreamForm } from './useUpstreamForm';
import { bodyOf, credentialOf, valuesOf, type Values } from './values';

interface Props {
  upstream: Upstream | null;
  onDone: () => void;
}

const TABS = ['connection', 'prices', 'policies'] as const;

type Tab = (typeof TABS)[number];

/** An upstream, made or changed; what is wrong stands beside its field. */
export function UpstreamForm({ upstream, onDone }: Props) {
  const { t } = useTranslation(['upstreams', 'common']);
  const notify = useNotify();
  const create = useCreateUpstream();
  const update = useUpdateUpstream();
  const labelOf = useFieldName();
  const form = useUpstreamForm(upstream);
  const [error, setError] = useState<ApiError | null>(null);
  const [tab, setTab] = useState<Tab>('connection');
  const revised = useRevised({
    initial: upstream,
    bodyOf: (thing) => bodyOf(valuesOf(thing)),
    read: readUpstream,
  });

  const send = useConfirmable(async ({ values, base }: { values: Values; base: Upstream | null }, confirm: boolean) => {
    const body = bodyOf(values);
    if (base) {
      const changes = { ...changedFields(bodyOf(valuesOf(base)), body), ...credentialOf(values) };
      if (Object.keys(changes).length > 0) await update.mutateAsync({ upstream: base, body: { ...changes, confirm } });
    } else {
      await create.mutateAsync({ ...body, ...credentialOf(values) });
    }
    notify.done(t('saved', { name: body.name }));
    onDone();
  });

  const submit = async (values: Values, base: Upstream | null) => {
    setError(null);
    try {
      await send.run({ values, base });
    } catch (reason) {
      if (await revised.caught(reason, bodyOf(values)).catch(() => false)) return;
      const failure = asApiError(reason);
      const errors = failure.kind === 'name_taken' ? { name: failure.problem?.detail } : formErrors(failure.fields);
      form.setErrors(errors);
      setTab(tabOf(Object.keys(errors)) ?? tab);
      setError(failure);
    }
  };

  /** What the form changed, on top of what there is now. */
  const keepMine = () => {
    const { base } = revised;
    const theirs = revised.rebase();
    if (!base || !theirs) return;
    const values = { ...valuesOf(theirs), ...changedFields(valuesOf(base), form.values) };
    form.setValues(values);
    void submit(values, theirs);
  };

  return (
    <form
      onSubmit={form.onSubmit(
        (values) => void submit(values, revised.base),
        (errors) => setTab(tabOf(Object.keys(errors)) ?? tab),
      )}
      noValidate
    >
      <Stack gap="md">
        <Tabs value={tab} onChange={(next) => setTab(TABS.find((name) => name === next) ?? 'connection')}>
          <Tabs.List mb="md">
            {TABS.map((name) => (
              <Tabs.Tab key={name} value={name}>
                {t(`tabs.${name}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value="connection">
            <ConnectionFields form={form} upstream={revised.base} />
          </Tabs.Panel>
          <Tabs.Panel value="prices">
            <PriceFields form={form} upstreamId={revised.base?.id ?? null} />
          </Tabs.Panel>
          <Tabs.Panel value="policies">
            <PolicyFields form={form} />
          </Tabs.Panel>
        </Tabs>
        {revised.conflict && (
          <Conflict
            changes={revised.conflict.changes}
            labelOf={labelOf}
            isPending={send.isPending}
            onMine={keepMine}
            onTheirs={() => form.setValues(valuesOf(revised.rebase()))}
          />
        )}
        {error && <Problem error={error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={send.isPending} disabled={revised.conflict !== null}>
            {t('common:save')}
          </Button>
        </Group>
      </Stack>
      {send.dialog}
    </form>
  );
}

const PRICES = /^(input_multiplier|output_multiplier|allow_free|model_multipliers|price_modifiers)/;
const POLICIES = /^(bill_by|reported_cost|on_unpriced|estimate_missing_usage)/;

/** Where the first field at fault is. */
function tabOf(fields: readonly string[]): Tab | null {
  const [first] = fields;
  if (first === undefined) return null;
  if (PRICES.test(first)) return 'prices';
  return POLICIES.test(first) ? 'policies' : 'connection';
}
