import { Button, Group, Switch, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCheck, IconHistory, IconListTree } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { asApiError, type ApiError } from '@/api/problem';
import { usePutMultipliers, type UpstreamMultipliers } from '@/data/multipliers';
import { useConfirmable } from '@/features/pricing/useConfirmable';
import { useSaid } from '@/features/pricing/useSaid';
import { useMay } from '@/shared/may';
import { useNotify } from '@/shared/notify';
import { Problem } from '@/shared/Problem';

import { bodyOf, draftOf, isDirty, isFree, isValid, mistakesOf, type Draft } from './draft';
import { MultiplierField } from './MultiplierField';
import { MultiplierHistory } from './MultiplierHistory';
import classes from './Row.module.css';
import { Rules } from './Rules';

interface Props {
  upstream: UpstreamMultipliers;
  /** Whether a link leads here. */
  isLinked: boolean;
}

const SIDES = ['input', 'output'] as const;

/** What one upstream charges: edited in place, for some models too, with its history. */
export function Row({ upstream, isLinked }: Props) {
  const { t } = useTranslation(['billing', 'common']);
  const notify = useNotify();
  const said = useSaid();
  const mayEdit = useMay('finance');
  const put = usePutMultipliers();
  const [draft, setDraft] = useState(() => draftOf(upstream));
  const [error, setError] = useState<ApiError | null>(null);
  const [showsRules, rules] = useDisclosure(false);
  const [showsHistory, history] = useDisclosure(false);
  const place = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (!isLinked) return;
    place.current?.scrollIntoView({ block: 'center' });
    place.current?.querySelector('input')?.focus({ preventScroll: true });
  }, [isLinked]);

  const mistakes = mistakesOf(draft);
  const hasChanges = isDirty(draft, upstream);
  const change = (next: Partial<Draft>) => setDraft({ ...draft, ...next });

  const send = useConfirmable(async (given: Draft, confirm: boolean) => {
    const body = { ...bodyOf(given), note: given.note.trim() || null, confirm };
    const answer = await put.mutateAsync({ upstream, body });
    notify.done(t('multipliersSaved', { upstream: upstream.upstream_name }));
    said(answer);
  });
  const submit = async () => {
    setError(null);
    try {
      await send.run(draft);
    } catch (reason) {
      setError(asApiError(reason));
    }
  };

  return (
    <form
      ref={place}
      className={classes.row}
      aria-label={upstream.upstream_name}
      onSubmit={(event) => {
        event.preventDefault();
        if (isValid(mistakes) && hasChanges) void submit();
      }}
    >
      <div className={classes.name}>
        <Text fw={600} size="sm" className="break">
          {upstream.upstream_name}
        </Text>
        <Text size="xs" c="dimmed">
          {upstream.provider}
        </Text>
      </div>
      {SIDES.map((side) => (
        <MultiplierField
          key={side}
          side={side}
          of={upstream.upstream_name}
          value={draft[side]}
          mistake={mistakes[side]}
          refusal={error?.fields[`${side}_multiplier`]}
          isReadOnly={!mayEdit}
          onChange={(value) => change({ [side]: value })}
        />
      ))}
      <div className={classes.end}>
        {(isFree(draft.input, draft.output) || draft.allowsFree) && (
          <Switch
            label={t('allowFree')}
            checked={draft.allowsFree}
            disabled={!mayEdit}
            onChange={(event) => change({ allowsFree: event.currentTarget.checked })}
          />
        )}
        <Group gap={4}>
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconListTree size={14} />}
            aria-expanded={showsRules}
            onClick={rules.toggle}
          >
            {draft.rules.length === 0 ? t('noRules') : t('modelRules', { count: draft.rules.length })}
          </Button>
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconHistory size={14} />}
            aria-expanded={showsHistory}
            onClick={history.toggle}
          >
            {t('multiplierHistory')}
          </Button>
        </Group>
      </div>
      {showsRules && (
        <Rules
          upstream={upstream.upstream_name}
          draft={draft}
          mistakes={mistakes}
          isReadOnly={!mayEdit}
          onChange={(next) => change({ rules: next })}
        />
      )}
      {hasChanges && (
        <div className={classes.save}>
          <TextInput
            aria-label={t('common:optionalLabel', { label: t('common:note') })}
            placeholder={t('common:optionalLabel', { label: t('common:note') })}
            size="xs"
            maxLength={500}
            value={draft.note}
            onChange={(event) => change({ note: event.currentTarget.value })}
            flex="1 1 200px"
          />
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              setDraft(draftOf(upstream));
              setError(null);
            }}
          >
            {t('common:cancel')}
          </Button>
          <Button
            size="xs"
            type="submit"
            loading={send.isPending}
            disabled={!isValid(mistakes)}
            leftSection={<IconCheck size={14} />}
          >
            {t('common:save')}
          </Button>
        </div>
      )}
      {error && (
        <div className={classes.wide}>
          <Problem error={error} />
        </div>
      )}
      {showsHistory && (
        <div className={classes.wide}>
          <MultiplierHistory upstreamId={upstream.upstream_id} />
        </div>
      )}
      {send.dialog}
    </form>
  );
}
