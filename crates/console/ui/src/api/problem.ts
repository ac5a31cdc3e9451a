import type { Schemas } from './client';

export type Problem = Schemas['Problem'];

const PREFIX = 'urn:tollgate:problem:';

/** The kinds of failure the console has words for. */
export const PROBLEMS = [
  'unreachable',
  'unknown',
  'invalid_json',
  'unauthenticated',
  'forbidden',
  'cross_site',
  'not_found',
  'no_such_endpoint',
  'method_not_allowed',
  'name_taken',
  'rule_exists',
  'confirmation_required',
  'sync_running',
  'job_running',
  'nothing_held',
  'not_activatable',
  'nothing_stale',
  'last_admin',
  'idempotency_conflict',
  'stale',
  'body_too_large',
  'unsupported_media_type',
  'validation_failed',
  'idempotency_key_reused',
  'too_many_attempts',
  'too_many_streams',
  'internal',
  'database_unavailable',
] as const;

export type ProblemKind = (typeof PROBLEMS)[number];

/** An answer that is not a success, or none at all. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Problem | null;

  constructor(status: number, problem: Problem | null) {
    super(problem?.title ?? `HTTP ${status}`);
    this.name = 'ApiError';
    this.status = status;
    this.problem = problem;
  }

  get kind(): ProblemKind {
    if (this.status === 0) return 'unreachable';
    const name = this.problem?.type.slice(PREFIX.length);
    return PROBLEMS.find((kind) => kind === name) ?? 'unknown';
  }

  /** What the gateway says about single fields, by field. */
  get fields(): Record<string, string> {
    const entries = (this.problem?.errors ?? []).map((error) => [error.field, error.message] as const);
    return Object.fromEntries(entries);
  }
}

/** The gateway could not be reached. */
export function networkError(): ApiError {
  return new ApiError(0, null);
}

export function problemOf(body: unknown): Problem | null {
  const isProblem = typeof body === 'object' && body !== null && 'type' in body && 'detail' in body;
  return isProblem ? (body as Problem) : null;
}

export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(-1, null);
}
