import { MantineProvider } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { PreferencesProvider } from '@/shared/preferences';

import { nonce } from './nonce';
import { theme, variables } from './theme';

/** Theme, dialogs, notifications, preferences: what every component may count on, in the console and in its tests. */
export function Look({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      getStyleNonce={nonce}
    >
      <PreferencesProvider>
        <ModalsProvider labels={{ confirm: t('confirm'), cancel: t('cancel') }}>
          <Notifications position="top-right" limit={4} containerWidth={420} />
          {children}
        </ModalsProvider>
      </PreferencesProvider>
    </MantineProvider>
  );
}
