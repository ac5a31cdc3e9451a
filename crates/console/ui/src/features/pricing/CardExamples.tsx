import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { count } from '@/shared/format';
import { Money } from '@/shared/Money';
import { useLocale } from '@/shared/preferences';

import { cardExamples } from './examples';
import type { CardDraft } from './cardDraft';
import type { RateTexts } from './rates';

/** What requests would come to by what stands in the form, before any upstream's multiplier. */
export function CardExamples({ values }: { values: RateTexts & CardDraft }) {
  const { t } = useTranslation('prices');
  const locale = useLocale();
  const examples = cardExamples(values, values);
  if (examples.length === 0) return null;
  return (
    <Group gap="4px 20px" role="status" aria-label={t('examples')} fz="sm" wrap="wrap">
      <Text size="sm" c="dimmed">
        {t('examples')}
      </Text>
      {examples.map((example, index) => (
        <Text key={index} size="sm" component="span" className="tabular">
          {t('exampleOf', { input: count(example.input, locale), output: count(example.output, locale) })}
          {example.tier !== null && ` · ${example.tier}`} → <Money value={example.cost} fw={600} />
        </Text>
      ))}
    </Group>
  );
}
