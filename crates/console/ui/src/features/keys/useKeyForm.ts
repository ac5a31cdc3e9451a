import { useForm, type UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import type { ApiKey } from '@/data/apiKeys';
import { instantOf } from '@/shared/zoned';

import { valuesOf, type Values } from './values';

export type KeyFormType = UseFormReturnType<Values>;

const MOST_TAGS = 50;
const LONGEST_TAG = 100;

/** The name the gateway keeps for operators' own test calls. */
const RESERVED = 'console';

/** The form of a key, with what is wrong in words beside each field. */
export function useKeyForm(key: ApiKey | null, timeZone: string): KeyFormType {
  const { t } = useTranslation(['keys', 'common']);
  const initial = valuesOf(key, timeZone);
  return useForm<Values>({
    initialValues: initial,
    validateInputOnBlur: true,
    validate: {
      name: (name) => {
        if (name.trim() === '') return t('common:required');
        return name.trim() === RESERVED && key?.name !== RESERVED ? t('mistakes.reserved') : null;
      },
      tags: (tags) =>
        tags.length > MOST_TAGS || tags.some((tag) => tag.length > LONGEST_TAG) ? t('mistakes.tags') : null,
      expires_at: (text) => {
        // One that was there may have passed; a new one must lie ahead.
        if (text === '' || text === initial.expires_at) return null;
        const at = instantOf(text, timeZone);
        return at !== null && Date.parse(at) > Date.now() ? null : t('mistakes.past');
      },
      allowed_models: (models, { limitsModels }) => {
        if (!limitsModels) return null;
        if (models.length === 0) return t('mistakes.nothing');
        const wrong = models.find((model) => model.slice(0, -1).includes('*'));
        return wrong === undefined ? null : t('mistakes.star', { model: wrong });
      },
      allowed_upstreams: (ids, { limitsUpstreams }) =>
        limitsUpstreams && ids.length === 0 ? t('mistakes.nothing') : null,
    },
  });
}
