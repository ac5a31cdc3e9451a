import type { ApiKey, NewApiKey } from '@/data/apiKeys';
import { inputOf, instantOf } from '@/shared/zoned';

export const INHERIT = 'inherit';
export const UNPRICED = [INHERIT, 'serve', 'refuse'] as const;

/** What stands in the form. */
export interface Values {
  name: string;
  owner: string;
  team: string;
  tags: string[];
  /** In the reader's time zone, as the browser's field writes it. */
  expires_at: string;
  limitsModels: boolean;
  allowed_models: string[];
  limitsUpstreams: boolean;
  allowed_upstreams: string[];
  on_unpriced: (typeof UNPRICED)[number];
  enabled: boolean;
}

export type Body = Required<NewApiKey>;

export function valuesOf(key: ApiKey | null, timeZone: string): Values {
  return {
    name: key?.name ?? '',
    owner: key?.owner ?? '',
    team: key?.team ?? '',
    tags: key?.tags ?? [],
    expires_at: inputOf(key?.expires_at, timeZone),
    limitsModels: (key?.allowed_models ?? null) !== null,
    allowed_models: key?.allowed_models ?? [],
    limitsUpstreams: (key?.allowed_upstreams ?? null) !== null,
    allowed_upstreams: key?.allowed_upstreams ?? [],
    on_unpriced: key?.on_unpriced ?? INHERIT,
    enabled: key?.enabled ?? true,
  };
}

export function bodyOf(values: Values, timeZone: string): Body {
  return {
    name: values.name.trim(),
    owner: values.owner.trim() || null,
    team: values.team.trim() || null,
    tags: values.tags,
    expires_at: instantOf(values.expires_at, timeZone),
    allowed_models: values.limitsModels ? values.allowed_models : null,
    allowed_upstreams: values.limitsUpstreams ? values.allowed_upstreams : null,
    on_unpriced: values.on_unpriced === INHERIT ? null : values.on_unpriced,
    enabled: values.enabled,
  };
}
