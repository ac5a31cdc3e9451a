import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { asApiError } from '@/api/problem';

/** Says what a change came to; failures stay until they are read. */
export function useNotify() {
  const { t } = useTranslation('problems');
  const done = useCallback((message: string) => {
    notifications.show({ message, color: 'pine', icon: <IconCheck size={18} />, autoClose: 4000 });
  }, []);
  const warn = useCallback((title: string, detail?: string | null) => {
    const icon = <IconAlertTriangle size={18} />;
    notifications.show({ title, message: detail ?? '', color: 'red', icon, autoClose: 12000, role: 'alert' });
  }, []);
  const failed = useCallback(
    (reason: unknown) => {
      const error = asApiError(reason);
      const detail = error.problem?.detail;
      notifications.show({
        title: t(error.kind),
        message: detail ?? t(`hints.${error.kind}`),
        color: 'red',
        icon: <IconAlertTriangle size={18} />,
        autoClose: 12000,
        role: 'alert',
      });
    },
    [t],
  );
  return useMemo(() => ({ done, warn, failed }), [done, warn, failed]);
}
