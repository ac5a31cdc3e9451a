import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import { count } from '@/shared/format';
import { useLocale } from '@/shared/preferences';

import classes from './TokenSplit.module.css';

const PARTS = ['fresh', 'cache_read', 'cache_write', 'answer', 'reasoning'] as const;

/** What is named where nothing was counted. */
const NOTHING = ['fresh', 'answer'] as const;

type Part = (typeof PARTS)[number];

/** Each token once: input that came from no cache, what was read from and written to one, output and reasoning. */
function split(tokens: Schemas['LogTokens']): Record<Part, number> {
  const { input, output, cache_read, cache_write, reasoning } = tokens;
  return {
    fresh: Math.max(0, input - cache_read - cache_write),
    cache_read,
    cache_write,
    answer: Math.max(0, output - reasoning),
    reasoning,
  };
}

/** Of what the tokens of a request were, as a bar and in figures. */
export function TokenSplit({ tokens }: { tokens: Schemas['LogTokens'] }) {
  const { t } = useTranslation('logs');
  const locale = useLocale();
  const parts = split(tokens);
  const present = PARTS.filter((part) => parts[part] > 0);
  const named = present.length > 0 ? present : NOTHING;
  return (
    <>
      <div className={classes.bar} aria-hidden>
        {present.map((part) => (
          <span key={part} className={classes.part} data-part={part} style={{ flexGrow: parts[part] }} />
        ))}
      </div>
      <Group gap="lg" mt={6} component="ul" className={classes.legend}>
        {named.map((part) => (
          <Group key={part} component="li" gap={6} wrap="nowrap">
            <span className={classes.swatch} data-part={part} />
            <Text size="sm">{t(`parts.${part}`)}</Text>
            <Text size="sm" fw={600} className="tabular">
              {count(parts[part], locale)}
            </Text>
          </Group>
        ))}
      </Group>
    </>
  );
}
