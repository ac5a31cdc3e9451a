import { Button, Group, Stack, Switch, Text } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import { useDecideRelease, useReleaseDiff, type PriceRelease } from '@/data/releases';
import { IfMay } from '@/shared/may';
import { useNotify } from '@/shared/notify';
import { More } from '@/shared/Pager';
import { Empty, QueryState } from '@/shared/QueryState';

import { ModelChange } from './ModelChange';
import classes from './ReleaseDiff.module.css';

type Verdict = 'accept' | 'reject';

/** What a run changed, model by model, and what waits for a decision: on all, on some, on one. */
export function ReleaseDiff({ run }: { run: PriceRelease }) {
  const { t } = useTranslation('prices');
  const query = useReleaseDiff(run.id, true);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [onlyWaiting, setOnlyWaiting] = useState(false);
  const decide = useDecide(run.id, () => setPicked(new Set()));
  const pick = (model: string) => {
    const next = new Set(picked);
    if (!next.delete(model)) next.add(model);
    setPicked(next);
  };
  const models = [...picked];
  return (
    <QueryState
      query={query}
      rows={2}
      isEmpty={(data) => data.pages[0]?.items.length === 0}
      empty={<Empty title={t('nothingChanged')} />}
    >
      {(data) => {
        const changes = data.pages
          .flatMap((page) => page.items)
          .filter((change) => !onlyWaiting || change.held?.state === 'held');
        return (
          <Stack gap="sm">
            {run.waiting > 0 && (
              <Group gap="xs" justify="space-between">
                <Group gap="xs">
                  <Text size="sm" fw={600}>
                    {t('waitingCount', { count: run.waiting })}
                  </Text>
                  <IfMay needs="finance">
                    {models.length > 0 ? (
                      <Verdicts
                        isPending={decide.isPending}
                        accept={t('acceptPicked', { count: models.length })}
                        reject={t('rejectPicked', { count: models.length })}
                        onVerdict={(verdict) => decide.send(verdict, { models })}
                      />
                    ) : (
                      <Verdicts
                        isPending={decide.isPending}
                        accept={t('acceptAll')}
                        reject={t('rejectAll')}
                        onVerdict={(verdict) => decide.send(verdict, { all: true })}
                      />
                    )}
                  </IfMay>
                </Group>
                <Switch
                  label={t('onlyWaiting')}
                  checked={onlyWaiting}
                  onChange={(event) => setOnlyWaiting(event.currentTarget.checked)}
                />
              </Group>
            )}
            <ul className={classes.list} tabIndex={0} aria-label={t('changes')}>
              {changes.map((change) => (
                <li key={change.model} className={classes.item}>
                  <ModelChange
                    change={change}
                    isPicked={picked.has(change.model)}
                    onPick={() => pick(change.model)}
                    onVerdict={(verdict) => decide.send(verdict, { models: [change.model] })}
                  />
                </li>
              ))}
            </ul>
            <More
              hasMore={query.hasNextPage}
              isLoading={query.isFetchingNextPage}
              onMore={() => void query.fetchNextPage()}
            />
          </Stack>
        );
      }}
    </QueryState>
  );
}

interface VerdictsProps {
  accept: string;
  reject: string;
  isPending: boolean;
  onVerdict: (verdict: Verdict) => void;
}

function Verdicts({ accept, reject, isPending, onVerdict }: VerdictsProps) {
  return (
    <>
      <Button size="xs" leftSection={<IconCheck size={14} />} loading={isPending} onClick={() => onVerdict('accept')}>
        {accept}
      </Button>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconX size={14} />}
        loading={isPending}
        onClick={() => onVerdict('reject')}
      >
        {reject}
      </Button>
    </>
  );
}

function useDecide(id: string, onDone: () => void) {
  const { t } = useTranslation('prices');
  const notify = useNotify();
  const mutation = useDecideRelease();
  const send = (verdict: Verdict, body: Schemas['DecidePriceReleaseRequest']) =>
    mutation.mutate(
      { id, verdict, body },
      {
        onSuccess: ({ models }) => {
          notify.done(t(`decided.${verdict}`, { count: models.length }));
          onDone();
        },
        onError: notify.failed,
      },
    );
  return { send, isPending: mutation.isPending };
}
