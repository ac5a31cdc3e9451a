/** The clients there is something to paste for. */
export const SDKS = [
  { id: 'curl', name: 'curl' },
  { id: 'openai', name: 'OpenAI (Python)' },
  { id: 'openai_node', name: 'OpenAI (Node.js)' },
  { id: 'anthropic', name: 'Anthropic (Python)' },
  { id: 'gemini', name: 'Google Gen AI (Python)' },
] as const;

export type Sdk = (typeof SDKS)[number]['id'];

const MODELS: Record<Sdk, string> = {
  curl: 'gpt-5-mini',
  openai: 'gpt-5-mini',
  openai_node: 'gpt-5-mini',
  anthropic: 'claude-sonnet-4-5',
  gemini: 'gemini-2.5-flash',
};

/** The model a snippet names: one that the key may use, where it says so by name. */
export function modelFor(sdk: Sdk, allowed: readonly string[] | null): string {
  const fits = (name: string, rule: string) => (rule.endsWith('*') ? name.startsWith(rule.slice(0, -1)) : rule === name);
  const usual = MODELS[sdk];
  if (!allowed || allowed.some((rule) => fits(usual, rule))) return usual;
  return allowed.find((rule) => !rule.endsWith('*')) ?? usual;
}

/** What to paste into a client. `origin` is where this console is; clients connect to the same place unless the admin
 * API has a listener of its own. */
export function snippet(sdk: Sdk, origin: string, token: string, model: string): string {
  switch (sdk) {
    case 'curl':
      return `curl ${origin}/v1/chat/completions \\
  -H "authorization: Bearer ${token}" \\
  -H "content-type: application/json" \\
  -d '{"model": "${model}", "messages": [{"role": "user", "content": "Say hello."}]}'`;
    case 'openai':
      return `from openai import OpenAI

client = OpenAI(base_url="${origin}/v1", api_key="${token}")
answer = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "Say hello."}],
)
print(answer.choices[0].message.content)`;
    case 'openai_node':
      return `import OpenAI from "openai";

const client = new OpenAI({ baseURL: "${origin}/v1", apiKey: "${token}" });
const answer = await client.chat.completions.create({
  model: "${model}",
  messages: [{ role: "user", content: "Say hello." }],
});
console.log(answer.choices[0].message.content);`;
    case 'anthropic':
      return `from anthropic import Anthropic

client = Anthropic(base_url="${origin}", api_key="${token}")
answer = client.messages.create(
    model="${model}",
    max_tokens=256,
    messages=[{"role": "user", "content": "Say hello."}],
)
print(answer.content[0].text)`;
    case 'gemini':
      return `from google import genai
from google.genai import types

client = genai.Client(api_key="${token}", http_options=types.HttpOptions(base_url="${origin}"))
answer = client.models.generate_content(model="${model}", contents="Say hello.")
print(answer.text)`;
  }
}
