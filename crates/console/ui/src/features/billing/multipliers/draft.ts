import type { UpstreamMultipliers } from '@/data/multipliers';
import { multiplierMistake, type MultiplierMistake } from '@/features/pricing/rates';
import { isZero, parseDecimal } from '@/shared/decimal';

/** What is typed for some models of an upstream. */
export interface RuleDraft {
  /** Tells rules apart while their patterns are typed. */
  key: number;
  pattern: string;
  input: string;
  output: string;
  allowsFree: boolean;
}

/** What is typed for an upstream. */
export interface Draft {
  input: string;
  output: string;
  allowsFree: boolean;
  rules: readonly RuleDraft[];
  note: string;
}

export type PatternMistake = 'empty' | 'star' | 'twice' | 'tooLong';

export interface RuleMistakes {
  pattern: PatternMistake | null;
  input: MultiplierMistake | null;
  output: MultiplierMistake | null;
}

export interface Mistakes {
  input: MultiplierMistake | null;
  output: MultiplierMistake | null;
  rules: Record<number, RuleMistakes>;
}

const PATTERN_MAX = 256;

export function draftOf(upstream: UpstreamMultipliers): Draft {
  return {
    input: upstream.input_multiplier,
    output: upstream.output_multiplier,
    allowsFree: upstream.allow_free,
    rules: upstream.models.map((rule, key) => ({
      key,
      pattern: rule.pattern,
      input: rule.input_multiplier,
      output: rule.output_multiplier,
      allowsFree: rule.allow_free ?? false,
    })),
    note: '',
  };
}

/** What is wrong with each field; the bounds are the gateway's. */
export function mistakesOf(draft: Draft): Mistakes {
  return {
    input: multiplierMistake(draft.input, draft.allowsFree),
    output: multiplierMistake(draft.output, draft.allowsFree),
    rules: Object.fromEntries(
      draft.rules.map((rule) => [
        rule.key,
        {
          pattern: patternMistake(rule, draft.rules),
          input: multiplierMistake(rule.input, rule.allowsFree),
          output: multiplierMistake(rule.output, rule.allowsFree),
        },
      ]),
    ),
  };
}

/** A model's name, or the beginning of one followed by `*`; each once. */
function patternMistake(rule: RuleDraft, all: readonly RuleDraft[]): PatternMistake | null {
  const pattern = rule.pattern.trim();
  if (pattern === '') return 'empty';
  if (pattern.length > PATTERN_MAX) return 'tooLong';
  if (pattern.slice(0, -1).includes('*')) return 'star';
  return all.some((other) => other.key < rule.key && other.pattern.trim() === pattern) ? 'twice' : null;
}

export function isValid(mistakes: Mistakes): boolean {
  const rules = Object.values(mistakes.rules);
  return !mistakes.input && !mistakes.output && rules.every((rule) => !rule.pattern && !rule.input && !rule.output);
}

/** Whether a typed multiplier makes something free. */
export function isFree(...texts: string[]): boolean {
  return texts.some((text) => {
    const value = parseDecimal(text);
    return value !== null && isZero(value);
  });
}

/** Whether saving would change anything; a note alone does not. */
export function isDirty(draft: Draft, upstream: UpstreamMultipliers): boolean {
  return JSON.stringify(bodyOf(draft)) !== JSON.stringify(bodyOf(draftOf(upstream)));
}

/** The draft as the API wants it. */
export function bodyOf(draft: Draft) {
  return {
    input_multiplier: decimalOf(draft.input),
    output_multiplier: decimalOf(draft.output),
    allow_free: draft.allowsFree,
    models: draft.rules.map((rule) => ({
      pattern: rule.pattern.trim(),
      input_multiplier: decimalOf(rule.input),
      output_multiplier: decimalOf(rule.output),
      allow_free: rule.allowsFree,
    })),
  };
}

function decimalOf(text: string): string {
  return parseDecimal(text) ?? text;
}
