import type { AuditEntry } from '@/data/audit';
import type { Deferred } from '@/data/deferred';
import type { Job } from '@/data/jobs';
import type { Journal } from '@/data/journal';
import type { Setting, Version } from '@/data/system';
import type { AdminToken } from '@/data/tokens';

/** What a gateway answers, for tests. */
export const JOB: Job = {
  name: 'price_sync',
  description: 'Fetches the public price map',
  every_seconds: 86_400,
  lease_expires_at: null,
  lease_holder: null,
  next_run_at: '2026-11-27T08:00:00Z',
  paused_at: null,
  paused_by: null,
  runs: [
    {
      id: 'run-1',
      author: 'schedule',
      trigger: 'schedule',
      started_at: '2026-11-26T08:00:00Z',
      ended_at: '2026-11-26T08:00:02Z',
      duration_ms: 2_000,
      outcome: 'done',
      detail: '3 prices changed',
      process_id: null,
    },
  ],
  state: 'idle',
};

export const EDIT: AuditEntry = {
  id: 4711,
  at: '2026-11-26T08:00:00Z',
  action: 'key.update',
  actor_id: 'a',
  actor_name: 'ada@example.com',
  actor_role: 'admin',
  address: '192.0.2.7',
  changed_fields: ['revision', 'team', 'updated_at'],
  origin: 'session',
  resource_id: 'k',
  resource_kind: 'key',
  resource_name: 'search-backend',
};

export const DEFERRED: Deferred = {
  created_at: '2026-11-26T08:00:00Z',
  duplicate: false,
  event_id: 'e',
  expires_at: '2026-11-29T08:00:00Z',
  key_id: 'k',
  key_name: 'search-backend',
  kind: 'openai_batch',
  looks: 3,
  model_requested: 'gpt-5-mini',
  next_look_at: '2026-11-26T08:02:00Z',
  object_id: 'batch_42',
  price_version: 12,
  problem: null,
  protocol: 'openai_chat',
  provider_state: 'in_progress',
  request_id: 'r',
  settled_at: null,
  state: 'open',
  tier_requested: null,
  upstream_id: 'u',
  upstream_name: 'openai-main',
};

export const CONFIG: Setting[] = [
  { key: 'database_url', value: 'postgres://tollgate:***@db/tollgate', masked: true, source: 'environment', origin: 'DATABASE_URL' },
  { key: 'proxy.drain_seconds', value: 60, masked: false, source: 'file', origin: '/etc/tollgate.toml' },
  { key: 'accounting_zone', value: 'UTC', masked: false, source: 'default', origin: null },
  { key: 'admin_listen', value: null, masked: false, source: 'default', origin: null },
];

export const TOKEN: AdminToken = {
  id: 't',
  name: 'lin@example.com',
  role: 'finance',
  created_at: '2026-11-01T08:00:00Z',
  updated_at: '2026-11-01T08:00:00Z',
  expires_at: null,
  last_used_at: null,
  previous_until: null,
  revision: 3,
  token_hint: 'x9Qw',
};

export const JOURNAL: Journal = {
  id: 'j',
  bytes_on_disk: 17_825_792,
  committed_position: 90_100,
  disk_budget_bytes: 8_589_934_592,
  durability: 'process',
  durable_position: 90_112,
  gaps: [],
  last_position: 90_112,
  last_sync_at: '2026-11-26T07:59:59Z',
  oldest_pending_at: null,
  open_attempts: 3,
  pending_entries: 0,
  queued_bytes: 0,
  refused: 0,
  reserve_held: true,
  retention_hours: 24,
  segments: 1,
  state: 'ok',
  sync_failures: 0,
  syncs: 4_100,
  when_full: 'refuse',
  writing_for_us: 0,
};

export const VERSION: Version = {
  accounting_zone: 'Europe/Berlin',
  commit: '2928f3e0c1',
  database: { kind: 'postgresql', schema_version: '0012_system', version: '17.2' },
  features: ['console', 'price-sync'],
  process_id: 'p',
  profile: 'release',
  rustc: '1.95.0',
  started_at: '2026-11-26T06:00:00Z',
  target: 'x86_64-linux',
  uptime_seconds: 7_200,
  version: '0.1.0',
};
