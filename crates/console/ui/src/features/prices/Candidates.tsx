import { Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '@/api/client';
import { Badge, type Tone } from '@/shared/Badge';

type Candidate = Schemas['PriceCandidate'];

const TONES: Record<Candidate['outcome'], Tone> = {
  won: 'good',
  outranked: 'neutral',
  unusable: 'warn',
  no_price: 'neutral',
  no_alias: 'neutral',
};

/** Every place that was looked at for a price, the strongest first, and why it won or lost. */
export function Candidates({ candidates }: { candidates: readonly Candidate[] }) {
  const { t } = useTranslation('prices');
  if (candidates.length === 0) return null;
  return (
    <Table verticalSpacing={4} fz="xs" aria-label={t('candidates')}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('candidateRule')}</Table.Th>
          <Table.Th>{t('candidateName')}</Table.Th>
          <Table.Th>{t('candidateOutcome')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {candidates.map((candidate, index) => (
          <Table.Tr key={index}>
            <Table.Td>{t(`rules.${candidate.rule}`)}</Table.Td>
            <Table.Td className="break">{candidate.name}</Table.Td>
            <Table.Td>
              <Badge tone={TONES[candidate.outcome]}>{t(`candidateOutcomes.${candidate.outcome}`)}</Badge>{' '}
              <span className="dimmed break" lang="en">
                {candidate.why}
              </span>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
