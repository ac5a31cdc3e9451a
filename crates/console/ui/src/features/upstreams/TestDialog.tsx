import { Alert, Autocomplete, Button, Group, Modal, Select, Stack, Switch } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconInfoCircle, IconSend } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { asApiError } from '@/api/problem';
import { useTestPreview, useTestUpstream, type TestRequest, type Upstream } from '@/data/upstreams';
import { Problem } from '@/shared/Problem';
import { QueryState } from '@/shared/QueryState';

import { TestPreview, TestResult } from './TestAnswer';

interface Props {
  upstream: Upstream | null;
  onClose: () => void;
}

/** One tiny request to an upstream: what it would cost first, then what came of it. */
export function TestDialog({ upstream, onClose }: Props) {
  const { t } = useTranslation(['upstreams', 'common']);
  return (
    <Modal
      opened={upstream !== null}
      onClose={onClose}
      size="lg"
      title={t('testTitle', { name: upstream?.name ?? '' })}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      {upstream && <Test upstream={upstream} />}
    </Modal>
  );
}

const WAIT = 400;

function Test({ upstream }: { upstream: Upstream }) {
  const { t } = useTranslation(['upstreams', 'common', 'domain']);
  const named = upstream.models.map(({ model }) => model).filter((model) => !model.endsWith('*'));
  const [model, setModel] = useState(named[0] ?? '');
  const [protocol, setProtocol] = useState(upstream.protocols[0]);
  const [stream, setStream] = useState(false);
  const body: TestRequest = { model: model.trim(), protocol, stream };
  const [asked] = useDebouncedValue(JSON.stringify(body), WAIT);
  const isSettled = asked === JSON.stringify(body);
  const preview = useTestPreview(upstream.id, JSON.parse(asked) as TestRequest, model.trim() !== '');
  const test = useTestUpstream();
  const result = test.data?.result ?? null;
  const change = <T,>(set: (value: T) => void) => {
    return (value: T) => {
      // What came of another request says nothing about this one.
      test.reset();
      set(value);
    };
  };
  return (
    <Stack>
      <Alert color="gray" variant="light" icon={<IconInfoCircle size={16} />}>
        {t('testAbout')}
      </Alert>
      <Group gap="sm" align="flex-end">
        <Autocomplete
          label={t('common:model')}
          description={t('testModelHint')}
          data={named}
          value={model}
          onChange={change(setModel)}
          data-autofocus
          flex="2 1 200px"
        />
        <Select
          label={t('protocol')}
          data={upstream.protocols.map((value) => ({ value, label: t(`domain:protocol.${value}`) }))}
          value={protocol}
          onChange={change((next: string | null) =>
            setProtocol(upstream.protocols.find((value) => value === next) ?? upstream.protocols[0]),
          )}
          allowDeselect={false}
          flex="1 1 160px"
        />
        <Switch
          label={t('testStream')}
          checked={stream}
          onChange={(event) => change(setStream)(event.currentTarget.checked)}
          mb={8}
        />
      </Group>
      {model.trim() !== '' && (
        <QueryState query={preview} rows={2}>
          {(told) => <TestPreview test={told} />}
        </QueryState>
      )}
      <Group justify="flex-end">
        <Button
          leftSection={<IconSend size={16} />}
          loading={test.isPending}
          disabled={!isSettled || !preview.isSuccess || preview.isPlaceholderData}
          onClick={() => test.mutate({ id: upstream.id, body })}
        >
          {t('testSend')}
        </Button>
      </Group>
      {test.error && <Problem error={asApiError(test.error)} />}
      {result && <TestResult result={result} />}
    </Stack>
  );
}
