import { Button, Code, Group, Stack, Text, ThemeIcon } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Copy } from '@/shared/Copy';
import { Guarded } from '@/shared/may';
import { Block } from '@/shared/Page';

import classes from './FirstSteps.module.css';

interface Props {
  hasUpstream: boolean;
  hasKey: boolean;
}

/** A model most price maps and many upstreams know. */
const MODEL = 'gpt-5-mini';

/** What leads to the first billed request, one thing after another; what is done is ticked off. */
export function FirstSteps({ hasUpstream, hasKey }: Props) {
  const { t } = useTranslation('overview');
  const request = [
    `curl ${window.location.origin}/v1/chat/completions \\`,
    `  -H "authorization: Bearer $TOLLGATE_KEY" \\`,
    `  -H "content-type: application/json" \\`,
    `  -d '{"model": "${MODEL}", "messages": [{"role": "user", "content": "Say hello."}]}'`,
  ].join('\n');
  const next = !hasUpstream ? 'upstream' : !hasKey ? 'key' : 'request';
  return (
    <Block title={t('first.title')} about={t('first.about')}>
      <ol className={classes.steps}>
        <Step number={1} title={t('first.upstream')} hint={t('first.upstreamHint')} isDone={hasUpstream}>
          <Way to="/upstreams" isNext={next === 'upstream'} isDone={hasUpstream}>
            {t('first.addUpstream')}
          </Way>
        </Step>
        <Step number={2} title={t('first.key')} hint={t('first.keyHint')} isDone={hasKey}>
          <Way to="/keys" isNext={next === 'key'} isDone={hasKey}>
            {t('first.createKey')}
          </Way>
        </Step>
        <Step number={3} title={t('first.request')} hint={t('first.requestHint')} isDone={false}>
          <Stack gap="xs">
            <Code block tabIndex={0} aria-label={t('first.request')}>
              {request}
            </Code>
            <Group gap="xs">
              <Copy text={request} />
            </Group>
          </Stack>
        </Step>
      </ol>
    </Block>
  );
}

interface StepProps {
  number: number;
  title: string;
  hint: string;
  isDone: boolean;
  children: ReactNode;
}

function Step({ number, title, hint, isDone, children }: StepProps) {
  const { t } = useTranslation('overview');
  return (
    <li className={classes.step} aria-label={title}>
      <ThemeIcon radius="xl" size={32} variant={isDone ? 'filled' : 'light'}>
        {isDone ? <IconCheck size={18} aria-label={t('first.done')} /> : <Text fw={650}>{number}</Text>}
      </ThemeIcon>
      <Stack gap={6} miw={0}>
        <div>
          <Text fw={600}>{title}</Text>
          <Text size="sm" c="dimmed">
            {hint}
          </Text>
        </div>
        {children}
      </Stack>
    </li>
  );
}

interface WayProps {
  to: '/upstreams' | '/keys';
  isNext: boolean;
  isDone: boolean;
  children: ReactNode;
}

/** To the form that makes it. */
function Way({ to, isNext, isDone, children }: WayProps) {
  if (isDone) return null;
  return (
    <Group>
      <Guarded needs="admin">
        <Button
          variant={isNext ? 'filled' : 'default'}
          renderRoot={(props) => <Link to={to} search={{ new: 'yes' }} {...props} />}
        >
          {children}
        </Button>
      </Guarded>
    </Group>
  );
}
