import { Text, Tooltip, type TextProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Decimal } from './decimal';
import { exactUsd, rateUsd, shortUsd } from './format';

interface Props extends TextProps {
  value: Decimal | null | undefined;
  /** All digits, as a receipt shows them. */
  exact?: boolean;
  /** Whether the status beside it says that nothing is owed: then there is no amount to know. */
  isNothing?: boolean;
}

/** An amount. What is not known is said so: never a zero. */
export function Money({ value, exact = false, isNothing = false, ...text }: Props) {
  const { t } = useTranslation();
  if (value === null || value === undefined) {
    return (
      <Text span inherit c="dimmed" className="nowrap" {...text}>
        {t(isNothing ? 'none' : 'unknownAmount')}
      </Text>
    );
  }
  const shown = exact ? exactUsd(value) : shortUsd(value);
  const whole = exactUsd(value);
  const amount = (
    <Text span inherit className="tabular nowrap" {...text}>
      {shown}
    </Text>
  );
  return shown === whole ? amount : <Tooltip label={t('exactly', { amount: whole })}>{amount}</Tooltip>;
}

interface RateProps {
  value: Decimal | null | undefined;
}

/** A rate in USD per million tokens. Long tables have thousands of them: a plain element each. */
export function Rate({ value }: RateProps) {
  const { t } = useTranslation();
  return <span className={value ? 'tabular nowrap' : 'dimmed'}>{value ? rateUsd(value) : t('none')}</span>;
}
