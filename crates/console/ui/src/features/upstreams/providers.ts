import type { Schemas } from '@/api/client';

interface Provider {
  base_url: string;
  protocols: Schemas['Protocol'][];
}

const CHAT: Schemas['Protocol'][] = ['openai_chat'];

/** Providers by their name in the catalog, with what is true of their public endpoint. */
export const PROVIDERS: Record<string, Provider> = {
  openai: {
    base_url: 'https://api.openai.com',
    protocols: ['openai_chat', 'openai_responses', 'openai_embeddings'],
  },
  anthropic: { base_url: 'https://api.anthropic.com', protocols: ['anthropic_messages'] },
  gemini: {
    base_url: 'https://generativelanguage.googleapis.com',
    protocols: ['gemini_generate', 'gemini_embed'],
  },
  deepseek: { base_url: 'https://api.deepseek.com', protocols: CHAT },
  mistral: { base_url: 'https://api.mistral.ai', protocols: ['openai_chat', 'openai_embeddings'] },
  groq: { base_url: 'https://api.groq.com/openai', protocols: CHAT },
  xai: { base_url: 'https://api.x.ai', protocols: CHAT },
  openrouter: { base_url: 'https://openrouter.ai/api', protocols: CHAT },
  together_ai: { base_url: 'https://api.together.xyz', protocols: CHAT },
  fireworks_ai: { base_url: 'https://api.fireworks.ai/inference', protocols: CHAT },
  azure: { base_url: '', protocols: CHAT },
  ollama: { base_url: 'http://127.0.0.1:11434', protocols: CHAT },
};
