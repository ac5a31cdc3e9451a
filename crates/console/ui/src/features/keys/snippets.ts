/** The clients there is something to paste for. */
export const SDKS = [
  { id: 'curl', name: 'curl' },
  { id: 'openai', name: 'OpenAI (Python)' },
  { id: 'openai_node', name: 'OpenAI (Node.js)' },
  { id: 'anthropic', name: 'Anthropic (Python)' },
  { id: 'gemini', name: 'Google Gen AI (Python)' },
] as const;

type Sdk = (typeof SDKS)[number]['id'];

/** What to paste into a client. `origin` is where this console is; clients connect to the same place unless the admin
 * API has a listener of its own. */
export function snippet(sdk: Sdk, origin: string, token: string): string {
  switch (sdk) {
    case 'curl':
      return `curl ${origin}/v1/chat/completions \\
  -H "authorization: Bearer ${token}" \\
  -H "content-type: application/json" \\
  -d '{"model": "gpt-5-mini", "messages": [{"role": "user", "content": "Say hello."}]}'`;
    case 'openai':
      return `from openai import OpenAI

client = OpenAI(base_url="${origin}/v1", api_key="${token}")`;
    case 'openai_node':
      return `import OpenAI from "openai";

const client = new OpenAI({ baseURL: "${origin}/v1", apiKey: "${token}" });`;
    case 'anthropic':
      return `from anthropic import Anthropic

client = Anthropic(base_url="${origin}", api_key="${token}")`;
    case 'gemini':
      return `from google import genai
from google.genai import types

client = genai.Client(api_key="${token}", http_options=types.HttpOptions(base_url="${origin}"))`;
  }
}
