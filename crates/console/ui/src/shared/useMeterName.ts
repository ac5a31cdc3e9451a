import { useTranslation } from 'react-i18next';

import type en from '@/i18n/en';

type Known = keyof (typeof en)['domain']['meter'];

/** What is counted, in the reader's language; a meter newer than this console under its own name. */
export function useMeterName(): (meter: string) => string {
  const { t, i18n } = useTranslation('domain');
  return (meter) => (i18n.exists(`domain:meter.${meter}`) ? t(`meter.${meter as Known}`) : meter.replaceAll('_', ' '));
}
