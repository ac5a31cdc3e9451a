import { Button, Group, Stack, Text } from '@mantine/core';
import { IconArrowRight, IconCheck, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import { useDecideRelease, useReleaseDiff, type PriceRelease } from '@/data/releases';
import { Badge, type Tone } from '@/shared/Badge';
import { exactUsd } from '@/shared/format';
import { useNotify } from '@/shared/notify';
import { More } from '@/shared/Pager';
import { Empty, QueryState } from '@/shared/QueryState';
import { useMeterName } from '@/shared/useMeterName';

import classes from './ReleaseDiff.module.css';

type Change = Schemas['PriceModelChange'];

const TONES: Record<Change['change'], Tone> = {
  added: 'good',
  changed: 'info',
  removed: 'warn',
  returned: 'good',
  let_go: 'neutral',
};

/** What a run changed, model by model, and what waits for a decision. */
export function ReleaseDiff({ run }: { run: PriceRelease }) {
  const { t } = useTranslation('prices');
  const query = useReleaseDiff(run.id, true);
  const decide = useDecide(run.id);
  return (
    <QueryState
      query={query}
      rows={2}
      isEmpty={(data) => data.pages[0]?.items.length === 0}
      empty={<Empty title={t('nothingChanged')} />}
    >
      {(data) => (
        <Stack gap="sm">
          {run.waiting > 0 && (
            <Group gap="xs">
              <Text size="sm" fw={600}>
                {t('waitingCount', { count: run.waiting })}
              </Text>
              <Button
                size="xs"
                leftSection={<IconCheck size={14} />}
                loading={decide.isPending}
                onClick={() => decide.send('accept', { all: true })}
              >
                {t('acceptAll')}
              </Button>
              <Button
                size="xs"
                variant="default"
                leftSection={<IconX size={14} />}
                loading={decide.isPending}
                onClick={() => decide.send('reject', { all: true })}
              >
                {t('rejectAll')}
              </Button>
            </Group>
          )}
          <ul className={classes.list} tabIndex={0} aria-label={t('changes')}>
            {data.pages.flatMap((page) =>
              page.items.map((change) => (
                <li key={change.model} className={classes.item}>
                  <ModelChange change={change} decide={decide} />
                </li>
              )),
            )}
          </ul>
          <More
            hasMore={query.hasNextPage}
            isLoading={query.isFetchingNextPage}
            onMore={() => void query.fetchNextPage()}
          />
        </Stack>
      )}
    </QueryState>
  );
}

function useDecide(id: string) {
  const { t } = useTranslation('prices');
  const notify = useNotify();
  const mutation = useDecideRelease();
  const send = (verdict: 'accept' | 'reject', body: Schemas['DecidePriceReleaseRequest']) =>
    mutation.mutate(
      { id, verdict, body },
      {
        onSuccess: ({ models }) => notify.done(t(`decided.${verdict}`, { count: models.length })),
        onError: notify.failed,
      },
    );
  return { send, isPending: mutation.isPending };
}

function ModelChange({ change, decide }: { change: Change; decide: ReturnType<typeof useDecide> }) {
  const { t } = useTranslation(['prices', 'domain']);
  const meterName = useMeterName();
  const isWaiting = change.held?.state === 'held';
  return (
    <>
      <Group gap="xs" justify="space-between">
        <Group gap="xs">
          <Text size="sm" fw={600} className="break">
            {change.model}
          </Text>
          <Badge tone={TONES[change.change]}>{t(`changeKinds.${change.change}`)}</Badge>
          {change.held && (
            <Badge tone={isWaiting ? 'warn' : 'neutral'}>
              {t(`holdStates.${change.held.state}`)}: {t(`holdReasons.${change.held.reason}`)}
            </Badge>
          )}
        </Group>
        {isWaiting && (
          <Group gap={4}>
            <Button
              size="compact-xs"
              variant="light"
              onClick={() => decide.send('accept', { models: [change.model] })}
              aria-label={t('acceptModel', { model: change.model })}
            >
              {t('accept')}
            </Button>
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => decide.send('reject', { models: [change.model] })}
              aria-label={t('rejectModel', { model: change.model })}
            >
              {t('reject')}
            </Button>
          </Group>
        )}
      </Group>
      <Group gap="md" mt={4}>
        {change.rates.map((rate, index) => (
          <Text key={index} size="xs" c="dimmed" span className="tabular">
            {meterName(rate.meter)} <Place place={rate.place} />
            {rate.old_usd_per_million ? exactUsd(rate.old_usd_per_million) : t('noPrice')}{' '}
            <IconArrowRight size={11} aria-label={t('becomes')} />{' '}
            {rate.new_usd_per_million ? exactUsd(rate.new_usd_per_million) : t('noPrice')}
          </Text>
        ))}
        {change.modifiers.map((modifier) => (
          <Text key={modifier.name} size="xs" c="dimmed" span className="tabular">
            {t('modifier', { name: modifier.name })} {modifier.old_multiplier ?? t('noPrice')}{' '}
            <IconArrowRight size={11} aria-label={t('becomes')} /> {modifier.new_multiplier ?? t('noPrice')}
          </Text>
        ))}
        {change.terms.map((term) => (
          <Text key={term.name} size="xs" c="dimmed" span lang="en">
            {term.text}
          </Text>
        ))}
      </Group>
    </>
  );
}

function Place({ place }: { place: Record<string, unknown> }) {
  const words = Object.values(place).filter((word) => typeof word === 'string' || typeof word === 'number');
  return words.length > 0 ? <>({words.join(' · ')}) </> : null;
}
