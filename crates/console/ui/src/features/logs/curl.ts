import type { RequestLog } from '@/data/logs';

/** A call like the one that was logged. What was said is not kept, so the message is a placeholder. */
export function asCurl(log: RequestLog, origin: string): string {
  const body: Record<string, unknown> = { model: log.model_requested ?? 'MODEL' };
  if (log.protocol === 'openai_responses') body.input = 'Say hello.';
  else if (log.protocol === 'openai_embeddings') body.input = 'Say hello.';
  else body.messages = [{ role: 'user', content: 'Say hello.' }];
  if (log.protocol === 'anthropic_messages') body.max_tokens = 256;
  if (log.stream) body.stream = true;
  return [
    `curl ${origin}${log.path ?? '/v1/chat/completions'}`,
    `-H "authorization: Bearer $KEY"`,
    `-H 'content-type: application/json'`,
    `-d '${JSON.stringify(body)}'`,
  ].join(' \\\n  ');
}
