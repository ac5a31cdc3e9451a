import { Button, Group, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconCheck, IconServer2 } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { asApiError, type ApiError } from '@/api/problem';
import { useMultipliers, usePutMultipliers, type UpstreamMultipliers } from '@/data/multipliers';
import { multiplierMistake } from '@/features/pricing/rates';
import { useConfirmable } from '@/features/pricing/useConfirmable';
import { isZero, parseDecimal } from '@/shared/decimal';
import { useNotify } from '@/shared/notify';
import { Block } from '@/shared/Page';
import { Problem } from '@/shared/Problem';
import { Empty, QueryState } from '@/shared/QueryState';

import classes from './MultipliersBlock.module.css';

/** What each upstream charges relative to the price card, edited in place. */
export function MultipliersBlock() {
  const { t } = useTranslation('billing');
  const query = useMultipliers();
  return (
    <Block title={t('multipliers')} about={t('multipliersAbout')}>
      <QueryState
        query={query}
        isEmpty={(data) => data.items.length === 0}
        empty={<Empty icon={IconServer2} title={t('noUpstreams')} hint={t('noUpstreamsHint')} />}
      >
        {(data) => (
          <Stack gap={0}>
            {data.items.map((upstream) => (
              <Row key={`${upstream.upstream_id}@${upstream.revision}`} upstream={upstream} />
            ))}
          </Stack>
        )}
      </QueryState>
    </Block>
  );
}

interface Values {
  input: string;
  output: string;
  allowsFree: boolean;
}

function Row({ upstream }: { upstream: UpstreamMultipliers }) {
  const { t } = useTranslation(['billing', 'common']);
  const notify = useNotify();
  const put = usePutMultipliers();
  const present: Values = {
    input: upstream.input_multiplier,
    output: upstream.output_multiplier,
    allowsFree: upstream.allow_free,
  };
  const [values, setValues] = useState(present);
  const [error, setError] = useState<ApiError | null>(null);

  const isFree = [values.input, values.output].some((text) => {
    const value = parseDecimal(text);
    return value !== null && isZero(value);
  });
  const isDirty =
    parseDecimal(values.input) !== parseDecimal(present.input) ||
    parseDecimal(values.output) !== parseDecimal(present.output) ||
    values.allowsFree !== present.allowsFree;
  const mistakes = {
    input: multiplierMistake(values.input, values.allowsFree),
    output: multiplierMistake(values.output, values.allowsFree),
  };
  const isValid = !mistakes.input && !mistakes.output;

  const send = useConfirmable(async (given: Values, confirm: boolean) => {
    await put.mutateAsync({
      upstream,
      body: {
        input_multiplier: parseDecimal(given.input) ?? given.input,
        output_multiplier: parseDecimal(given.output) ?? given.output,
        allow_free: given.allowsFree,
        models: upstream.models,
        confirm,
      },
    });
    notify.done(t('multipliersSaved', { upstream: upstream.upstream_name }));
  });

  const submit = async () => {
    setError(null);
    try {
      await send.run(values);
    } catch (reason) {
      setError(asApiError(reason));
    }
  };

  const field = (side: 'input' | 'output') => {
    const mistake = mistakes[side];
    return (
      <TextInput
        label={t(`${side}Multiplier`)}
        aria-label={t(`${side}MultiplierOf`, { upstream: upstream.upstream_name })}
        inputMode="decimal"
        leftSection="×"
        leftSectionWidth={28}
        value={values[side]}
        onChange={(event) => setValues({ ...values, [side]: event.currentTarget.value })}
        error={mistake ? t(`multiplierMistakes.${mistake}`) : error?.fields[`${side}_multiplier`]}
        classNames={{ input: 'tabular' }}
        className={classes.field}
      />
    );
  };

  return (
    <form
      className={classes.row}
      aria-label={upstream.upstream_name}
      onSubmit={(event) => {
        event.preventDefault();
        if (isValid && isDirty) void submit();
      }}
    >
      <div className={classes.name}>
        <Text fw={600} size="sm" className="break">
          {upstream.upstream_name}
        </Text>
        <Text size="xs" c="dimmed">
          {upstream.provider}
          {upstream.models.length > 0 && ` · ${t('modelRules', { count: upstream.models.length })}`}
        </Text>
      </div>
      {field('input')}
      {field('output')}
      <div className={classes.end}>
        {(isFree || values.allowsFree) && (
          <Switch
            label={t('allowFree')}
            checked={values.allowsFree}
            onChange={(event) => setValues({ ...values, allowsFree: event.currentTarget.checked })}
          />
        )}
        {isDirty && (
          <Group gap="xs" wrap="nowrap">
            <Button size="xs" variant="default" onClick={() => setValues(present)}>
              {t('common:cancel')}
            </Button>
            <Button
              size="xs"
              type="submit"
              loading={send.isPending}
              disabled={!isValid}
              leftSection={<IconCheck size={14} />}
            >
              {t('common:save')}
            </Button>
          </Group>
        )}
      </div>
      {error && (
        <div className={classes.error}>
          <Problem error={error} />
        </div>
      )}
      {send.dialog}
    </form>
  );
}
