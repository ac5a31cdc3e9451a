import { Button, Card, Group, Stack, Text } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { IconChevronDown, IconChevronRight, IconPlus } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { useLocale } from '@/shared/preferences';

import { isEmptyDraft, newBand, newFurther, newModifier, newTier, NO_DRAFT, PARTS, type CardDraft } from './cardDraft';
import { isOfDraft } from './draftMistakes';
import { BandRow, FurtherRow, ModifierRow, TierRow } from './ExtraRows';

export type CardForm<T extends CardDraft> = UseFormReturnType<T>;

interface Props<T extends CardDraft> {
  form: CardForm<T>;
  /** Whether what is there comes from the price in force: a price of one's own replaces the whole card. */
  isTakenOver: boolean;
}

const MAKE = { bands: newBand, tiers: newTier, further: newFurther, modifiers: newModifier };

/** What a price may have beyond its flat rates: bands for large requests, service tiers, further meters, modifiers. */
export function CardExtras<T extends CardDraft>({ form, isTakenOver }: Props<T>) {
  const { t } = useTranslation('prices');
  const { language } = useLocale();
  const [isOpen, setOpen] = useState(false);
  const draft = form.values;
  const isEmpty = isEmptyDraft(draft);
  // What is wrong must not be hidden.
  const isShown = !isEmpty && (isOpen || Object.keys(form.errors).some(isOfDraft));
  const counts = PARTS.filter((part) => draft[part].length > 0).map((part) => t(`extras.counts.${part}`, { count: draft[part].length }));
  const counted = new Intl.ListFormat(language, { type: 'conjunction', style: 'narrow' }).format(counts);
  const add = (part: keyof CardDraft) => {
    form.setFieldValue(part as never, [...draft[part], MAKE[part]()] as never);
    setOpen(true);
  };
  const removeAll = () => {
    form.setValues(NO_DRAFT as Partial<T>);
    form.setErrors(Object.fromEntries(Object.entries(form.errors).filter(([place]) => !isOfDraft(place))));
  };
  return (
    <Card padding="sm" radius="md" component="section" aria-label={t('extras.title')}>
      <Group justify="space-between" gap="xs">
        {isEmpty ? (
          <Text size="sm" fw={600}>
            {t('extras.title')}
          </Text>
        ) : (
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            px={4}
            leftSection={isShown ? <IconChevronDown size={16} /> : <IconChevronRight size={16} />}
            aria-expanded={isShown}
            onClick={() => setOpen(!isShown)}
            aria-label={`${t('extras.title')}: ${counted}`}
          >
            {t('extras.title')}
          </Button>
        )}
        {!isEmpty && (
          <Text size="sm" c="dimmed" flex={1} miw={120}>
            {counted}
          </Text>
        )}
        {!isEmpty && (
          <Button size="compact-sm" variant="subtle" color="gray" onClick={removeAll}>
            {t('extras.removeAll')}
          </Button>
        )}
      </Group>
      {isTakenOver && !isEmpty && (
        <Text size="xs" c="dimmed">
          {t('extras.takenOver')}
        </Text>
      )}
      {isShown && (
        <Stack gap="sm" mt="xs">
          <Part title={t('extras.bands')} about={t('extras.bandsHint')} isEmpty={draft.bands.length === 0}>
            {draft.bands.map((row, index) => (
              <BandRow key={row.id} form={form} index={index} />
            ))}
          </Part>
          <Part title={t('extras.tiers')} about={t('extras.tiersHint')} isEmpty={draft.tiers.length === 0}>
            {draft.tiers.map((row, index) => (
              <TierRow key={row.id} form={form} index={index} />
            ))}
          </Part>
          <Part title={t('extras.further')} about={t('extras.furtherHint')} isEmpty={draft.further.length === 0}>
            {draft.further.map((row, index) => (
              <FurtherRow key={row.id} form={form} index={index} />
            ))}
          </Part>
          <Part title={t('modifiers')} about={t('extras.modifiersHint')} isEmpty={draft.modifiers.length === 0}>
            {draft.modifiers.map((row, index) => (
              <ModifierRow key={row.id} form={form} index={index} />
            ))}
          </Part>
        </Stack>
      )}
      <Group gap={6} mt="xs">
        {PARTS.map((part) => (
          <Button
            key={part}
            size="compact-xs"
            variant="default"
            leftSection={<IconPlus size={12} />}
            onClick={() => add(part)}
          >
            {t(`extras.add.${part}`)}
          </Button>
        ))}
      </Group>
    </Card>
  );
}

interface PartProps {
  title: string;
  about: string;
  isEmpty: boolean;
  children: ReactNode;
}

function Part({ title, about, isEmpty, children }: PartProps) {
  if (isEmpty) return null;
  return (
    <Stack gap={8} role="group" aria-label={title}>
      <div>
        <Text size="sm" fw={600}>
          {title}
        </Text>
        <Text size="xs" c="dimmed">
          {about}
        </Text>
      </div>
      {children}
    </Stack>
  );
}
