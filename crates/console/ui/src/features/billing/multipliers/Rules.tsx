import { ActionIcon, Button, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { isFree, type Draft, type Mistakes, type RuleDraft } from './draft';
import { MultiplierField } from './MultiplierField';
import classes from './Rules.module.css';

/** A pattern as one is written; the same in every language. */
const EXAMPLE = 'gpt-5*';

interface Props {
  upstream: string;
  draft: Draft;
  mistakes: Mistakes;
  isReadOnly: boolean;
  onChange: (rules: readonly RuleDraft[]) => void;
}

/** Other multipliers for some models: the first pattern that fits holds. */
export function Rules({ upstream, draft, mistakes, isReadOnly, onChange }: Props) {
  const { t } = useTranslation('billing');
  const replace = (next: RuleDraft) => onChange(draft.rules.map((rule) => (rule.key === next.key ? next : rule)));
  const add = () => {
    const key = 1 + Math.max(-1, ...draft.rules.map((rule) => rule.key));
    const { input, output } = draft;
    onChange([...draft.rules, { key, pattern: '', input, output, allowsFree: draft.allowsFree }]);
  };
  return (
    <Stack gap="xs" className={classes.rules} role="group" aria-label={t('rulesOf', { upstream })}>
      <Text size="xs" c="dimmed">
        {t('rulesAbout')}
      </Text>
      {draft.rules.map((rule) => {
        const wrong = mistakes.rules[rule.key];
        const of = `${upstream} · ${rule.pattern || t('newRule')}`;
        return (
          <div key={rule.key} className={classes.rule}>
            <TextInput
              label={t('pattern')}
              aria-label={t('patternOf', { upstream, number: rule.key + 1 })}
              placeholder={EXAMPLE}
              value={rule.pattern}
              readOnly={isReadOnly}
              onChange={(event) => replace({ ...rule, pattern: event.currentTarget.value })}
              error={wrong?.pattern ? t(`patternMistakes.${wrong.pattern}`) : undefined}
            />
            <MultiplierField
              side="input"
              of={of}
              value={rule.input}
              mistake={wrong?.input ?? null}
              isReadOnly={isReadOnly}
              onChange={(input) => replace({ ...rule, input })}
            />
            <MultiplierField
              side="output"
              of={of}
              value={rule.output}
              mistake={wrong?.output ?? null}
              isReadOnly={isReadOnly}
              onChange={(output) => replace({ ...rule, output })}
            />
            <div className={classes.end}>
              {(isFree(rule.input, rule.output) || rule.allowsFree) && (
                <Switch
                  label={t('allowFree')}
                  checked={rule.allowsFree}
                  disabled={isReadOnly}
                  onChange={(event) => replace({ ...rule, allowsFree: event.currentTarget.checked })}
                />
              )}
              {!isReadOnly && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="lg"
                  onClick={() => onChange(draft.rules.filter(({ key }) => key !== rule.key))}
                  aria-label={t('removeRule', { pattern: rule.pattern || t('newRule') })}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              )}
            </div>
          </div>
        );
      })}
      {!isReadOnly && (
        <div>
          <Button size="compact-sm" variant="default" leftSection={<IconPlus size={14} />} onClick={add}>
            {t('addRule')}
          </Button>
        </div>
      )}
    </Stack>
  );
}
