import { Code, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';

import type { Decimal } from './decimal';
import classes from './Formula.module.css';
import { count } from './format';
import { useLocale } from './preferences';
import { useMeterName } from './useMeterName';

type Line = Schemas['ReceiptLine'];

interface Props {
  lines: readonly Line[];
  /** What they come to. */
  cost: Decimal | null;
}

/** What an amount is made of, each component on a line, then their sum: to be checked with a pocket calculator. */
export function Formula({ lines, cost }: Props) {
  const { t } = useTranslation('domain');
  const lineText = useLineText();
  const terms = lines.map((line) => line.cost).join(' + ');
  return (
    <Stack gap={4} component="ul" className={classes.lines}>
      {lines.map((line, index) => (
        <li key={index}>
          <Code className={classes.formula}>{lineText(line)}</Code>
        </li>
      ))}
      {lines.length > 1 && cost !== null && (
        <li>
          <Code className={classes.formula}>{t('formula.sum', { terms, cost })}</Code>
        </li>
      )}
    </Stack>
  );
}

/** `Input: 1,000 tokens × 2.5 USD per million × 0.8 (input multiplier) = 0.002 USD`, in the reader's language. */
function useLineText(): (line: Line) => string {
  const { t } = useTranslation('domain');
  const locale = useLocale();
  const meterName = useMeterName();
  return (line) => {
    const counted = t(`formula.counted.${line.unit}`, { count: line.count, units: count(line.count, locale) });
    const billed = line.billed_count === null ? null : count(line.billed_count, locale);
    const named = (name: string, factor: Decimal) => t('formula.named', { name, factor });
    const factors = [
      t('formula.rate', { rate: line.usd_per_million }),
      ...line.modifiers.map(({ name, multiplier }) => named(name, multiplier)),
      named(t(`formula.${line.side}`), line.multiplier),
    ];
    return t('formula.line', {
      meter: meterName(line.meter),
      counted: billed === null ? counted : t('formula.chargedAs', { counted, billed }),
      factors: factors.join(''),
      cost: line.cost,
    });
  };
}
