import { Anchor, Button, Group, SimpleGrid, Stack } from '@mantine/core';
import { IconApi } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { Block, Page } from '@/shared/Page';

import { BillingBlock } from './BillingBlock';
import { DisplayBlock } from './DisplayBlock';
import { SessionBlock } from './SessionBlock';

/** How this browser shows things, how the gateway bills, who is here, and the way to the API. */
export function SettingsPage() {
  const { t } = useTranslation(['settings', 'shell']);
  return (
    <Page title={t('title')} about={t('about')}>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <DisplayBlock />
        <Stack gap="lg">
          <SessionBlock />
          <Block title={t('reference')} about={t('referenceAbout')}>
            <Group gap="sm">
              <Button
                component="a"
                href="/api/docs"
                target="_blank"
                rel="noopener"
                variant="default"
                leftSection={<IconApi size={16} />}
              >
                {t('shell:reference')}
              </Button>
              <Anchor href="/api/openapi.json" target="_blank" rel="noopener" size="sm">
                {t('openapi')}
              </Anchor>
            </Group>
          </Block>
        </Stack>
      </SimpleGrid>
      <BillingBlock />
    </Page>
  );
}
