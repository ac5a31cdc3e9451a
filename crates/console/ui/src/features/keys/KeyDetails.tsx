import { Code, SimpleGrid, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { ApiKey } from '@/data/apiKeys';
import { useUpstreams } from '@/data/upstreams';
import { UsageTable } from '@/shared/Activity';
import { Fact } from '@/shared/Fact';
import { useMemberName } from '@/shared/memberName';
import { When } from '@/shared/When';

import { Snippets } from './Snippets';
import { INHERIT } from './values';

/** The token is not known any more: a variable of the shell stands for it. */
const PLACEHOLDER = '$TOLLGATE_KEY';

/** Everything about one key that has no place in its row. */
export function KeyDetails({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useTranslation(['keys', 'common']);
  const { data } = useUpstreams();
  const nameOf = useMemberName();
  const upstreamOf = (id: string) => nameOf({ id, name: data?.items.find((upstream) => upstream.id === id)?.name });
  return (
    <Stack gap="md" py="xs">
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 4 }} spacing="sm">
        <Fact label={t('owner')}>{apiKey.owner ?? t('common:none')}</Fact>
        <Fact label={t('team')}>{apiKey.team ?? t('common:none')}</Fact>
        <Fact label={t('tags')}>{apiKey.tags.join(', ') || t('common:none')}</Fact>
        <Fact label={t('expires')}>{apiKey.expires_at ? <When at={apiKey.expires_at} /> : t('never')}</Fact>
        <Fact label={t('allowedModels')}>{apiKey.allowed_models?.join(', ') ?? t('anything')}</Fact>
        <Fact label={t('allowedUpstreams')}>
          {apiKey.allowed_upstreams?.map(upstreamOf).join(', ') ?? t('anything')}
        </Fact>
        <Fact label={t('onUnpriced')}>{t(`onUnpricedOptions.${apiKey.on_unpriced ?? INHERIT}`)}</Fact>
        <Fact label={t('created')}>
          <When at={apiKey.created_at} relative />
        </Fact>
        {apiKey.rotated_at && (
          <Fact label={t('rotated')}>
            <When at={apiKey.rotated_at} relative />
          </Fact>
        )}
        {apiKey.retiring_token && (
          <Fact label={t('retiring')}>
            <Code>{`…${apiKey.retiring_token.token_hint}`}</Code> <When at={apiKey.retiring_token.accepted_until} />
          </Fact>
        )}
      </SimpleGrid>
      {apiKey.activity && <UsageTable activity={apiKey.activity} search={{ key: apiKey.id }} />}
      <div>
        <Text fw={600} size="sm" mb={4}>
          {t('snippets')}
        </Text>
        <Snippets token={PLACEHOLDER} models={apiKey.allowed_models} />
      </div>
    </Stack>
  );
}
