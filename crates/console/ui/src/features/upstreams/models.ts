import type { Schemas } from '@/api/client';

type ModelRule = Schemas['ModelRule'];

/** The wire protocols, in the order of the form. */
export const PROTOCOLS = [
  'openai_chat',
  'openai_responses',
  'openai_embeddings',
  'openai_completions',
  'openai_images',
  'openai_transcriptions',
  'openai_speech',
  'openai_moderations',
  'anthropic_messages',
  'gemini_generate',
  'gemini_embed',
  'rerank',
] as const satisfies readonly Schemas['Protocol'][];

/** Rules as lines: `gpt-*`, or `fast = gpt-5-mini` for a name that is sent as another. */
export function modelText(rules: readonly ModelRule[]): string {
  return rules.map(({ model, send_as }) => (send_as ? `${model} = ${send_as}` : model)).join('\n');
}

export function modelRules(text: string): ModelRule[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const [model = '', sent = ''] = line.split('=').map((word) => word.trim());
      return sent === '' ? { model } : { model, send_as: sent };
    });
}
