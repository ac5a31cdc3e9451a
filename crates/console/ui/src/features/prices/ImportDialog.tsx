import { Button, FileInput, Group, Loader, Modal, Stack, Text } from '@mantine/core';
import { IconFileUpload, IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { asApiError, type ApiError } from '@/api/problem';
import { useImportRules, type RuleImport, type RuleKind } from '@/data/ruleTables';
import { EffectPanel } from '@/features/pricing/EffectPanel';
import { useConfirmable } from '@/features/pricing/useConfirmable';
import { bytes } from '@/shared/format';
import { useNotify } from '@/shared/notify';
import { useLocale } from '@/shared/preferences';
import { Problem } from '@/shared/Problem';

import { ImportPreview } from './ImportPreview';
import { MOST_BYTES, readTable, type Table } from './readTable';

interface Props {
  kind: RuleKind;
  onClose: () => void;
}

/** Reads a table of price rules: first what it would do, row by row, then for good. */
export function ImportDialog({ kind, onClose }: Props) {
  const { t } = useTranslation(['prices', 'common']);
  const locale = useLocale();
  const notify = useNotify();
  const importing = useImportRules();
  const [file, setFile] = useState<File | null>(null);
  const [table, setTable] = useState<Table | null>(null);
  const [preview, setPreview] = useState<RuleImport | null>(null);
  const [mistake, setMistake] = useState<string | null>(null);
  const [error, setError] = useState<ApiError | null>(null);

  const choose = async (chosen: File | null) => {
    setFile(chosen);
    setTable(null);
    setPreview(null);
    setError(null);
    setMistake(null);
    if (!chosen) return;
    if (chosen.size > MOST_BYTES) {
      setMistake(t('fileTooLarge', { size: bytes(MOST_BYTES, locale) }));
      return;
    }
    try {
      const read = await readTable(chosen);
      const answer = await importing.mutateAsync({ kind, ...read, isDryRun: true, confirm: false });
      setTable(read);
      setPreview(answer);
    } catch (reason) {
      setError(asApiError(reason));
    }
  };

  const send = useConfirmable(async (read: Table, confirm: boolean) => {
    // What it does stands in the preview: whoever goes on has seen it.
    const isSeen = confirm || preview?.effect != null;
    const done = await importing.mutateAsync({ kind, ...read, isDryRun: false, confirm: isSeen });
    if (done.refused > 0) {
      setPreview(done);
      return;
    }
    notify.done(t('imported', { count: done.created + done.changed }));
    onClose();
  });

  const rows = preview ? preview.created + preview.changed : 0;
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t(`importTitle.${kind}`)}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      <Stack>
        <FileInput
          label={t('file')}
          description={t(`importHint.${kind}`)}
          placeholder={t('chooseFile')}
          accept=".csv,.json,text/csv,application/json"
          leftSection={<IconFileUpload size={16} />}
          value={file}
          onChange={(chosen) => void choose(chosen)}
          error={mistake}
          clearable
          clearButtonProps={{ 'aria-label': t('common:clear') }}
          data-autofocus
        />
        {importing.isPending && !preview && (
          <Group gap="xs" role="status">
            <Loader size="xs" />
            <Text size="sm">{t('checking')}</Text>
          </Group>
        )}
        {error && <Problem error={error} />}
        {preview && <ImportPreview preview={preview} />}
        {preview?.effect && <EffectPanel effect={preview.effect} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button
            leftSection={<IconUpload size={16} />}
            disabled={!table || !preview || preview.refused > 0 || rows === 0}
            loading={send.isPending}
            onClick={() => {
              if (table) void send.run(table).catch((reason: unknown) => setError(asApiError(reason)));
            }}
          >
            {t('importRows', { count: rows })}
          </Button>
        </Group>
      </Stack>
      {send.dialog}
    </Modal>
  );
}
