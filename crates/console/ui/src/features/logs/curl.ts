import type { RequestLog } from '@/data/logs';

const WORDS = 'Say hello.';

/** What a request of each wire protocol holds at least, beside its model. */
function bodyOf({ protocol, stream }: RequestLog): Record<string, unknown> {
  const streamed = stream ? { stream: true } : {};
  switch (protocol) {
    case 'openai_chat':
      return { messages: [{ role: 'user', content: WORDS }], ...streamed };
    case 'anthropic_messages':
      return { max_tokens: 256, messages: [{ role: 'user', content: WORDS }], ...streamed };
    case 'openai_responses':
      return { input: WORDS, ...streamed };
    case 'openai_completions':
    case 'openai_images':
      return { prompt: WORDS, ...streamed };
    case 'openai_speech':
      return { input: WORDS, voice: 'alloy' };
    case 'rerank':
      return { query: WORDS, documents: [WORDS] };
    case 'openai_embeddings':
    case 'openai_moderations':
    case 'openai_transcriptions':
      return { input: WORDS };
    case 'gemini_generate':
      return { contents: [{ role: 'user', parts: [{ text: WORDS }] }] };
    case 'gemini_embed':
      return { content: { parts: [{ text: WORDS }] } };
  }
}

/** A call like the one that was logged. What was said is not kept, so a placeholder stands for it. */
export function asCurl(log: RequestLog, origin: string): string {
  const path = log.path ?? '/v1/chat/completions';
  const model = log.model_requested ?? 'MODEL';
  const lines = [`curl ${origin}${path}`, `-H "authorization: Bearer $KEY"`];
  if (log.protocol === 'anthropic_messages') lines.push(`-H 'anthropic-version: 2023-06-01'`);
  if (log.protocol === 'openai_transcriptions') {
    return [...lines, `-F ${quoted(`model=${model}`)}`, '-F file=@audio.wav'].join(' \\\n  ');
  }
  // Gemini's models stand in the path.
  const body = log.protocol.startsWith('gemini') ? bodyOf(log) : { model, ...bodyOf(log) };
  return [...lines, `-H 'content-type: application/json'`, `-d ${quoted(JSON.stringify(body))}`].join(' \\\n  ');
}

/** A text as one word of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
