import { Box, Button, Progress, Stack } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useRelease, useReleases, useStartSync, type PriceRelease } from '@/data/releases';
import { useNotify } from '@/shared/notify';

/** Starts a price sync, shows that it runs, and says how it went. */
export function SyncButton() {
  const { t } = useTranslation('billing');
  const notify = useNotify();
  const releases = useReleases();
  const start = useStartSync();
  const [startedId, setStartedId] = useState<string | null>(null);
  const started = useRelease(startedId);
  const last = releases.data?.pages[0]?.items[0];
  const isRunning = start.isPending || started.data?.state === 'running' || last?.state === 'running';
  useSaidWhenDone(startedId, started.data);
  return (
    <Stack gap={6}>
      <Button
        size="xs"
        variant="light"
        leftSection={<IconRefresh size={14} />}
        loading={isRunning}
        onClick={() => start.mutate({}, { onSuccess: (run) => setStartedId(run.id), onError: notify.failed })}
      >
        {t('syncNow')}
      </Button>
      {/* There is room for it while nothing runs, too. */}
      <Box h={4}>{isRunning && <Progress size={4} value={100} animated aria-label={t('syncing')} />}</Box>
    </Stack>
  );
}

/** Says once how the run that was started here went. */
function useSaidWhenDone(startedId: string | null, run: PriceRelease | undefined) {
  const { t } = useTranslation(['billing', 'domain']);
  const notify = useNotify();
  const said = useRef<string | null>(null);
  useEffect(() => {
    if (!startedId || !run || run.state === 'running' || said.current === startedId) return;
    said.current = startedId;
    const message = t('syncDone', { state: t(`domain:releaseState.${run.state}`) });
    if (run.state === 'failed') notify.warn(message, run.reason);
    else notify.done(message);
  }, [notify, run, startedId, t]);
}
