import { useForm, type UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import type { Upstream } from '@/data/upstreams';
import { multiplierMistake } from '@/features/pricing/rates';

import { isCredential, isProvider, modelsMistake, patternMistake, urlMistake } from './mistakes';
import { valuesOf, type Values } from './values';

export type UpstreamFormType = UseFormReturnType<Values>;

/** The form of an upstream, with what is wrong in words beside each field. */
export function useUpstreamForm(upstream: Upstream | null): UpstreamFormType {
  const { t } = useTranslation(['upstreams', 'common', 'billing']);
  const within = (least: number, most: number) => (value: number | string) =>
    value !== '' && Number.isInteger(Number(value)) && Number(value) >= least && Number(value) <= most
      ? null
      : t('mistakes.range', { least, most });
  const multiplier = (text: string, allowsFree: boolean) => {
    const mistake = multiplierMistake(text, allowsFree);
    return mistake && t(`billing:multiplierMistakes.${mistake}`);
  };
  return useForm<Values>({
    initialValues: valuesOf(upstream),
    validateInputOnBlur: true,
    validate: {
      name: (name) => (name.trim() === '' ? t('common:required') : null),
      provider: (provider) => (isProvider(provider.trim()) ? null : t('mistakes.provider')),
      base_url: (url) => {
        const mistake = urlMistake(url.trim());
        return mistake && t(`mistakes.${mistake}`);
      },
      credential: (text) => (text.trim() === '' || isCredential(text.trim()) ? null : t('mistakes.credential')),
      protocols: (protocols) => (protocols.length === 0 ? t('mistakes.protocols') : null),
      models: (text) => {
        const found = modelsMistake(text);
        return found && t(`mistakes.${found.mistake}`, { model: found.model });
      },
      priority: within(0, 1000),
      weight: within(1, 1000),
      input_multiplier: (text, { allow_free }) => multiplier(text, allow_free),
      output_multiplier: (text, { allow_free }) => multiplier(text, allow_free),
      model_multipliers: {
        pattern: (pattern, { model_multipliers: all }) => {
          const mistake = patternMistake(pattern, all.map((pair) => pair.pattern));
          if (mistake === null) return null;
          return mistake === 'required' ? t('common:required') : t(`mistakes.${mistake}`, { model: pattern.trim() });
        },
        input_multiplier: (text, values, path) => multiplier(text, freeAt(values, path)),
        output_multiplier: (text, values, path) => multiplier(text, freeAt(values, path)),
      },
    },
  });
}

/** Whether the pair that a path such as `model_multipliers.2.input_multiplier` leads to may be zero. */
function freeAt(values: Values, path: string): boolean {
  return values.model_multipliers[Number(path.split('.')[1])]?.allow_free ?? false;
}
