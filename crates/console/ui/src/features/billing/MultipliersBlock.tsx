import { Stack } from '@mantine/core';
import { IconServer2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { useMultipliers } from '@/data/multipliers';
import { Block } from '@/shared/Page';
import { Empty, QueryState } from '@/shared/QueryState';

import { Row } from './multipliers/Row';

interface Props {
  /** The upstream a link leads to. */
  linked?: string;
}

/** What each upstream charges relative to the price card, edited in place. */
export function MultipliersBlock({ linked }: Props) {
  const { t } = useTranslation('billing');
  const query = useMultipliers();
  return (
    <Block title={t('multipliers')} about={t('multipliersAbout')}>
      <QueryState
        query={query}
        isEmpty={(data) => data.items.length === 0}
        empty={<Empty icon={IconServer2} title={t('noUpstreams')} hint={t('noUpstreamsHint')} />}
      >
        {(data) => (
          <Stack gap={0}>
            {data.items.map((upstream) => (
              <Row
                key={`${upstream.upstream_id}@${upstream.revision}`}
                upstream={upstream}
                isLinked={upstream.upstream_id === linked}
              />
            ))}
          </Stack>
        )}
      </QueryState>
    </Block>
  );
}
