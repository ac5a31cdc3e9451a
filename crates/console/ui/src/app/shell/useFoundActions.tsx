import type { SpotlightActionData, SpotlightActionGroupData } from '@mantine/spotlight';
import { IconKey, IconListDetails, IconServer2, IconTag, IconTags } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import type { Found } from '@/data/search';
import { dateTime, rateUsd, shortUsd } from '@/shared/format';
import { useLocale } from '@/shared/preferences';

const ICON = { size: 20, stroke: 1.7 } as const;

/** What the gateway found, as entries of the search; each has what was searched for among its words, so that it stays. */
export function useFoundActions(found: Found | undefined, text: string): SpotlightActionGroupData[] {
  const { t } = useTranslation(['shell', 'domain']);
  const locale = useLocale();
  const navigate = useNavigate();
  if (!found) return [];
  const go = (to: string, search: Record<string, string>) => () => void navigate({ to, search: search as never });
  const about = ({ effective, provider }: Found['models'][number]) => {
    if (!effective) return t('noPriceShort');
    const known = [effective.input_usd_per_mtok, effective.output_usd_per_mtok].filter((rate) => rate !== null);
    const rates = known.length === 0 ? null : `${known.map(rateUsd).join(' / ')} ${t('domain:perMillion')}`;
    return [provider, rates].filter(Boolean).join(' · ');
  };
  const groups: [string, SpotlightActionData[]][] = [
    [
      t('found.requests'),
      found.requests.map((log) => ({
        id: `request-${log.request_id}`,
        label: log.caller_request_id ?? log.request_id,
        description: [
          dateTime(log.occurred_at, locale),
          log.model_served ?? log.model_requested,
          log.cost === null ? null : shortUsd(log.cost),
        ]
          .filter(Boolean)
          .join(' · '),
        leftSection: <IconListDetails {...ICON} />,
        onClick: go('/logs', { request: log.request_id }),
      })),
    ],
    [
      t('found.upstreams'),
      found.upstreams.map(({ id, name, provider, base_url }) => ({
        id: `upstream-${id}`,
        label: name,
        description: `${provider} · ${base_url}`,
        leftSection: <IconServer2 {...ICON} />,
        onClick: go('/upstreams', { q: name }),
      })),
    ],
    [
      t('found.keys'),
      found.keys.map(({ id, name, owner, team }) => ({
        id: `key-${id}`,
        label: name,
        description: [owner, team].filter(Boolean).join(' · '),
        leftSection: <IconKey {...ICON} />,
        onClick: go('/keys', { q: name }),
      })),
    ],
    [
      t('found.models'),
      [
        ...found.models.map((price) => ({
          id: `model-${price.model}`,
          label: price.model,
          description: about(price),
          leftSection: <IconTag {...ICON} />,
          onClick: go('/prices', { q: price.model }),
        })),
        ...(found.models.length > 1
          ? [
              {
                id: 'models',
                label: t('allModels', { text }),
                leftSection: <IconTags {...ICON} />,
                onClick: go('/prices', { q: text }),
              },
            ]
          : []),
      ],
    ],
  ];
  return groups
    .filter(([, actions]) => actions.length > 0)
    .map(([group, actions]) => ({ group, actions: actions.map((action) => ({ ...action, keywords: [text] })) }));
}
