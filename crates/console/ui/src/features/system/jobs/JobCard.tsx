import { Box, Button, Card, Collapse, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconPlayerPause, IconPlayerPlay, IconRun } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useOrderJob, type Job, type JobOrder } from '@/data/jobs';
import { Badge, type Tone } from '@/shared/Badge';
import { Fact } from '@/shared/Fact';
import { Guarded } from '@/shared/may';
import { useNotify } from '@/shared/notify';
import { useLocale } from '@/shared/preferences';
import { When } from '@/shared/When';

import { span } from '@/shared/span';
import { Detail, RunOutcome, Runs } from './Runs';
import { useJobAbout, useJobName } from './useJobName';

const TONES: Record<Job['state'], Tone> = { idle: 'good', running: 'info', paused: 'warn' };

interface Props {
  job: Job;
  /** With the job as it is once a run of it has begun. */
  onStarted: (job: Job) => void;
}

/** One job: what it does, how it is doing, and its buttons. */
export function JobCard({ job, onStarted }: Props) {
  const { t } = useTranslation('system');
  const id = useId();
  const name = useJobName()(job);
  const about = useJobAbout()(job);
  const [isOpen, setOpen] = useState(false);
  const last = job.runs[0];
  return (
    <Card component="section" aria-labelledby={id} padding="md">
      <Stack gap="sm" h="100%">
        <Group justify="space-between" align="flex-start" wrap="nowrap" gap="sm">
          <Box>
            <Title order={2} size="h5" id={id}>
              {name}
            </Title>
            <Text size="sm" c="dimmed">
              {about}
            </Text>
          </Box>
          <Badge tone={TONES[job.state]}>{t(`jobs.states.${job.state}`)}</Badge>
        </Group>
        {/* As high before the first run as after it: the buttons below stay. */}
        <SimpleGrid cols={{ base: 2, sm: 3 }} spacing="sm" mih={66}>
          <Fact label={t('jobs.schedule')}>
            <Schedule seconds={job.every_seconds} />
          </Fact>
          <Fact label={t('jobs.next')}>
            <Next job={job} />
          </Fact>
          <Fact label={t('jobs.last')} isWide>
            {last ? (
              <Group gap={6} style={{ rowGap: 2 }}>
                <RunOutcome outcome={last.outcome} />
                <When at={last.started_at} relative />
              </Group>
            ) : (
              t('jobs.never')
            )}
          </Fact>
        </SimpleGrid>
        <Group gap="xs" justify="space-between">
          <Orders job={job} name={name} onStarted={onStarted} />
          {job.runs.length > 0 && (
            <Button
              size="xs"
              variant="subtle"
              color="gray"
              aria-expanded={isOpen}
              onClick={() => setOpen(!isOpen)}
              rightSection={isOpen ? <IconChevronUp size={14} /> : <IconChevronDown size={14} />}
            >
              {t('jobs.history')}
            </Button>
          )}
        </Group>
        {/* Below the buttons, which stay where they were pressed. */}
        {last?.detail && <Detail detail={last.detail} c={last.outcome === 'failed' ? 'var(--mantine-color-error)' : 'dimmed'} />}
        <Collapse in={isOpen}>{isOpen && <Runs label={t('jobs.runsOf', { name })} runs={job.runs} />}</Collapse>
      </Stack>
    </Card>
  );
}

function Schedule({ seconds }: { seconds: number | null }) {
  const { t } = useTranslation('system');
  const locale = useLocale();
  if (seconds === null) return t('jobs.off');
  if (seconds === 1) return t('jobs.secondly');
  if (seconds === 60) return t('jobs.minutely');
  if (seconds === 3_600) return t('jobs.hourly');
  if (seconds === 86_400) return t('jobs.daily');
  return t('jobs.every', { span: span(seconds, locale) });
}

/** When it is due, or what keeps it from being. */
function Next({ job }: { job: Job }) {
  const { t } = useTranslation('system');
  if (job.state === 'running') return t('jobs.runningNow');
  if (job.paused_at) {
    return (
      <>
        {t('jobs.pausedBy', { who: job.paused_by ?? '' })} <When at={job.paused_at} relative />
      </>
    );
  }
  return job.next_run_at ? <When at={job.next_run_at} relative /> : t('jobs.notPlanned');
}

function Orders({ job, name, onStarted }: Props & { name: string }) {
  const { t } = useTranslation('system');
  const notify = useNotify();
  const order = useOrderJob();
  const give = (what: JobOrder) =>
    order.mutate(
      { name: job.name, order: what },
      {
        onSuccess: (after) => {
          notify.done(t(`jobs.told.${what}`, { name }));
          if (what === 'run') onStarted(after);
        },
        onError: notify.failed,
      },
    );
  const isBusy = (what: JobOrder) => order.isPending && order.variables.order === what;
  const schedule = job.paused_at ? 'resume' : 'pause';
  return (
    <Group gap="xs">
      <Guarded needs="admin">
        <Button
          size="xs"
          variant="light"
          leftSection={<IconRun size={14} />}
          loading={isBusy('run') || job.state === 'running'}
          onClick={() => give('run')}
          aria-label={t('jobs.runOf', { name })}
        >
          {t('jobs.run')}
        </Button>
      </Guarded>
      {job.every_seconds !== null && (
        <Guarded needs="admin">
          <Button
            size="xs"
            variant="default"
            leftSection={schedule === 'pause' ? <IconPlayerPause size={14} /> : <IconPlayerPlay size={14} />}
            loading={isBusy(schedule)}
            onClick={() => give(schedule)}
            aria-label={t(`jobs.${schedule}Of`, { name })}
          >
            {t(`jobs.${schedule}`)}
          </Button>
        </Guarded>
      )}
    </Group>
  );
}
