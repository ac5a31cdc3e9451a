import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { asApiError, type ApiError } from '@/api/problem';
import { useCreateOverride, useUpdateOverride, type Override } from '@/data/overrides';
import type { RateCard } from '@/data/prices';
import { useUpstreams } from '@/data/upstreams';
import { useNotify } from '@/shared/notify';
import { Problem } from '@/shared/Problem';

import { BackdateField, backdateMistake, instantOf } from './BackdateField';
import { bodyOf, draftOf, isEmptyDraft, NO_DRAFT, placeOf, type CardDraft } from './cardDraft';
import { CardExamples } from './CardExamples';
import { CardExtras } from './CardExtras';
import { draftMistakes } from './draftMistakes';
import { ModelInput } from './ModelInput';
import { RateFields } from './RateFields';
import { FIELDS, NO_RATES, RATE_NAMES, rateMistake, ratesOf, textsOf, type RateTexts } from './rates';
import { useConfirmable } from './useConfirmable';
import { useSaid } from './useSaid';

interface Props {
  /** The model it prices; asked for where it is not given. */
  model?: string;
  /** Prices to start from: a suggestion's, or the synced one. */
  start?: RateTexts;
  /** The card whose bands, tiers and modifiers a new price starts from: a manual price replaces the whole card. */
  keep?: RateCard;
  /** The only upstream a new one is for; any may be chosen. */
  upstreamId?: string;
  /** The manual price to change; without it a new one is made. */
  override?: Override;
  onDone: () => void;
  onCancel?: () => void;
}

interface Values extends RateTexts, CardDraft {
  model: string;
  upstream_id: string;
  note: string;
  multiplied: 'yes' | 'no' | 'default';
  since: string;
}

const EVERYWHERE = 'everywhere';

/** A manual price: rates with cache prices, where it holds, and why. */
export function PriceForm({ model, start, keep, upstreamId, override, onDone, onCancel }: Props) {
  const { t } = useTranslation(['prices', 'common', 'domain']);
  const notify = useNotify();
  const said = useSaid();
  const upstreams = useUpstreams();
  const create = useCreateOverride();
  const update = useUpdateOverride();
  const [error, setError] = useState<ApiError | null>(null);

  const card = override ?? keep;
  const form = useForm<Values>({
    initialValues: {
      ...NO_RATES,
      ...(override ? textsOf(override) : start),
      ...(card ? draftOf(card) : NO_DRAFT),
      model: override?.model ?? model ?? '',
      upstream_id: override?.upstream_id ?? upstreamId ?? EVERYWHERE,
      note: '',
      multiplied: override ? (override.apply_multipliers ? 'yes' : 'no') : 'default',
      since: '',
    },
    validate: (values) => {
      const mistakes: Record<string, string> = {};
      for (const name of RATE_NAMES) {
        const mistake = rateMistake(values[name]);
        if (mistake) mistakes[name] = t(`mistakes.${mistake}`);
      }
      if (values.model.trim() === '') mistakes.model = t('common:required');
      const isEmpty = RATE_NAMES.every((name) => values[name].trim() === '');
      if (isEmpty && isEmptyDraft({ ...values, modifiers: [] })) mistakes.input = t('mistakes.noRate');
      for (const [place, mistake] of Object.entries(draftMistakes(values, values))) {
        mistakes[place] = t(`extras.mistakes.${mistake}`);
      }
      const tooFar = backdateMistake(values.since, Date.now());
      if (tooFar) mistakes.since = t(`backdateMistakes.${tooFar}`);
      return mistakes;
    },
  });

  const send = useConfirmable(async (values: Values, confirm: boolean) => {
    const common = {
      ...ratesOf(values),
      ...bodyOf(values),
      ...(values.multiplied === 'default' ? {} : { apply_multipliers: values.multiplied === 'yes' }),
      note: values.note.trim() || null,
      effective_from: instantOf(values.since),
      confirm,
    };
    const upstream_id = values.upstream_id === EVERYWHERE ? null : values.upstream_id;
    const answer = override
      ? await update.mutateAsync({ override, body: common })
      : await create.mutateAsync({ model: values.model.trim(), upstream_id, ...common });
    notify.done(t('priceSaved', { model: values.model.trim() }));
    said(answer);
    onDone();
  });

  const submit = async (values: Values) => {
    setError(null);
    try {
      await send.run(values);
    } catch (reason) {
      const failure = asApiError(reason);
      const byField = failure.fields;
      for (const name of RATE_NAMES) form.setFieldError(name, byField[FIELDS[name]] ?? null);
      form.setFieldError('model', byField.model ?? null);
      form.setFieldError('since', byField.effective_from ?? null);
      for (const [field, message] of Object.entries(byField)) {
        const place = placeOf(field, values);
        if (place !== null) form.setFieldError(place, message);
      }
      setError(failure);
    }
  };

  const places = (upstreams.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
  return (
    <form onSubmit={form.onSubmit((values) => void submit(values))} noValidate>
      <Stack gap="sm">
        {!model && !override && (
          <ModelInput
            label={t('common:model')}
            description={t('modelHint')}
            data-autofocus
            {...form.getInputProps('model')}
          />
        )}
        <RateFields form={form} />
        <Text size="xs" c="dimmed">
          {t('domain:perMillion')} · {t('emptyMeans')}
        </Text>
        <CardExtras form={form} isTakenOver={!override && keep !== undefined} />
        <CardExamples values={form.values} />
        <Group grow preventGrowOverflow={false} wrap="wrap" align="flex-start">
          {!override && (
            <Select
              label={t('scope')}
              data={[{ value: EVERYWHERE, label: t('everywhere') }, ...places]}
              allowDeselect={false}
              miw={180}
              {...form.getInputProps('upstream_id')}
            />
          )}
          <TextInput
            label={t('common:optionalLabel', { label: t('common:note') })}
            placeholder={t('common:notePlaceholder')}
            maxLength={500}
            miw={220}
            {...form.getInputProps('note')}
          />
        </Group>
        <Group grow preventGrowOverflow={false} wrap="wrap" align="flex-start">
          <Select
            label={t('multiplied')}
            data={(override ? (['yes', 'no'] as const) : (['default', 'yes', 'no'] as const)).map((value) => ({
              value,
              label: t(`multipliedIs.${value}`),
            }))}
            allowDeselect={false}
            miw={220}
            {...form.getInputProps('multiplied')}
          />
          <BackdateField {...form.getInputProps('since')} />
        </Group>
        {error && <Problem error={error} />}
        <Group justify="flex-end" gap="xs">
          {onCancel && (
            <Button variant="default" onClick={onCancel}>
              {t('common:cancel')}
            </Button>
          )}
          <Button type="submit" loading={send.isPending}>
            {t('savePrice')}
          </Button>
        </Group>
      </Stack>
      {send.dialog}
    </form>
  );
}
