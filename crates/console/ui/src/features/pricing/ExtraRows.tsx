import { ActionIcon, Autocomplete, Select, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import fields from '@/shared/FieldGrid.module.css';
import { useMeterName } from '@/shared/useMeterName';

import type { CardForm } from './CardExtras';
import { unitOf, type CardDraft } from './cardDraft';
import classes from './ExtraRows.module.css';
import { METER_UNITS, METERS, UNITS } from './meters';
import { RATE_NAMES } from './rates';

interface Props<T extends CardDraft> {
  form: CardForm<T>;
  index: number;
}

/** The tiers most providers know; any other word may be typed. */
const TIERS = ['priority', 'flex', 'batch'];
/** As providers write them. */
const A_SIZE = '1024x1024';
const A_LIMIT = '200,000';

/** Rates above so many input tokens. */
export function BandRow<T extends CardDraft>({ form, index }: Props<T>) {
  const { t } = useTranslation('prices');
  return (
    <Row form={form} part="bands" index={index} name={t('extras.band', { number: index + 1 })}>
      <TextInput
        size="xs"
        label={t('extras.above')}
        inputMode="numeric"
        placeholder={A_LIMIT}
        classNames={{ input: 'tabular' }}
        {...form.getInputProps(`bands.${index}.above`)}
      />
      <Rates form={form} place={`bands.${index}`} />
    </Row>
  );
}

/** Rates of one service tier. */
export function TierRow<T extends CardDraft>({ form, index }: Props<T>) {
  const { t } = useTranslation('prices');
  return (
    <Row form={form} part="tiers" index={index} name={t('extras.tierNumber', { number: index + 1 })}>
      <Tier form={form} place={`tiers.${index}`} />
      <Rates form={form} place={`tiers.${index}`} />
    </Row>
  );
}

/** Any other rate, by its meter. */
export function FurtherRow<T extends CardDraft>({ form, index }: Props<T>) {
  const { t } = useTranslation(['prices', 'common']);
  const meterName = useMeterName();
  const place = `further.${index}`;
  const unit = unitOf(form.values.further[index]?.meter ?? '');
  const data = UNITS.map((of) => ({
    group: t(`extras.per.${of}`),
    items: METERS.filter((meter) => METER_UNITS[meter] === of).map((meter) => ({ value: meter, label: meterName(meter) })),
  }));
  const optional = (label: string) => t('common:optionalLabel', { label });
  return (
    <Row form={form} part="further" index={index} name={t('extras.furtherNumber', { number: index + 1 })}>
      <Select size="xs" label={t('extras.meter')} data={data} searchable {...form.getInputProps(`${place}.meter`)} />
      <TextInput
        size="xs"
        label={t(`extras.usdPer.${unit}`)}
        inputMode="decimal"
        leftSection="$"
        leftSectionWidth={24}
        classNames={{ input: 'tabular' }}
        {...form.getInputProps(`${place}.price`)}
      />
      <Tier form={form} place={place} isOptional />
      {(unit === 'image' || unit === 'pixel' || unit === 'second') && (
        <TextInput size="xs" label={optional(t('extras.size'))} placeholder={A_SIZE} {...form.getInputProps(`${place}.size`)} />
      )}
      {unit === 'mtok' && (
        <TextInput
          size="xs"
          label={optional(t('extras.above'))}
          inputMode="numeric"
          classNames={{ input: 'tabular' }}
          {...form.getInputProps(`${place}.above`)}
        />
      )}
    </Row>
  );
}

/** A factor that an answer or the upstream switches on. */
export function ModifierRow<T extends CardDraft>({ form, index }: Props<T>) {
  const { t } = useTranslation(['prices', 'common']);
  return (
    <Row form={form} part="modifiers" index={index} name={t('extras.modifierNumber', { number: index + 1 })}>
      <TextInput size="xs" label={t('extras.modifierName')} {...form.getInputProps(`modifiers.${index}.name`)} />
      <TextInput
        size="xs"
        label={t('extras.factor')}
        inputMode="decimal"
        leftSection="×"
        leftSectionWidth={24}
        classNames={{ input: 'tabular' }}
        {...form.getInputProps(`modifiers.${index}.factor`)}
      />
    </Row>
  );
}

interface RowProps<T extends CardDraft> extends Props<T> {
  part: keyof CardDraft;
  name: string;
  children: ReactNode;
}

function Row<T extends CardDraft>({ form, part, index, name, children }: RowProps<T>) {
  const { t } = useTranslation('prices');
  return (
    <div className={classes.line} role="group" aria-label={name}>
      <div className={`${fields.fields} ${classes.row}`}>{children}</div>
      <ActionIcon
        className={classes.remove}
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={t('extras.remove', { name })}
        onClick={() => form.removeListItem(part, index)}
      >
        <IconTrash size={16} />
      </ActionIcon>
    </div>
  );
}

interface PlaceProps<T extends CardDraft> {
  form: CardForm<T>;
  place: string;
}

function Tier<T extends CardDraft>({ form, place, isOptional = false }: PlaceProps<T> & { isOptional?: boolean }) {
  const { t } = useTranslation(['prices', 'common']);
  const label = isOptional ? t('common:optionalLabel', { label: t('tier') }) : t('tier');
  return <Autocomplete size="xs" label={label} data={TIERS} {...form.getInputProps(`${place}.tier`)} />;
}

function Rates<T extends CardDraft>({ form, place }: PlaceProps<T>) {
  const { t } = useTranslation('domain');
  return RATE_NAMES.map((name) => (
    <TextInput
      key={name}
      size="xs"
      label={t(`rate.${name}`)}
      inputMode="decimal"
      leftSection="$"
      leftSectionWidth={24}
      classNames={{ input: 'tabular' }}
      {...form.getInputProps(`${place}.${name}`)}
    />
  ));
}
