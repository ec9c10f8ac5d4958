import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { AgencyDefinition } from './agencies/definition.ts';
import { isNetwork } from './access/addresses.ts';
import { agencies } from './agencies/index.ts';
import { defaultLimits } from './agencies/transport/transport.ts';
import { defaultOptions as defaultThresholds, type ProtectionOptions } from './protection/input.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const limit = z.coerce.number().int().min(1).max(1_000_000_000);
const days = (least: number) => z.coerce.number().int().min(least).max(3_650);
const milliseconds = z.coerce.number().int().min(1).max(600_000);
const addresses = z
  .string()
  .default('')
  .transform((text) => text.split(',').map((part) => part.trim()).filter((part) => part !== ''))
  .refine((list) => list.every(isNetwork), 'must be addresses or networks such as 10.0.0.0/8, with commas between');
const origins = z
  .string()
  .default('')
  .transform((text) => text.split(',').map((part) => part.trim()).filter((part) => part !== ''))
  .refine((list) => list.every((text) => /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text), 'must be origins such as https://desk.example.go.id, with commas between');
const exportHeaders = z
  .string()
  .refine((text) => text.split(',').every((part) => /^\s*[\w-]+=[^,]+$/.test(part)), 'must be name=value, with commas between')
  .transform((text) => Object.fromEntries(text.split(',').map((part) => [part.slice(0, part.indexOf('=')).trim(), part.slice(part.indexOf('=') + 1).trim()])))
  .optional();
const url = (protocols: RegExp) => z.url({ protocol: protocols }).transform((text) => text.replace(/\/+$/, ''));

/** Every setting of the hub, with its meaning and default. The names are the environment's. */
const general = {
  PORT: port.default(4000).describe('Port of the hub; 0 takes any free one.'),
  HOST: z.string().min(1).default('127.0.0.1').describe('Address the hub listens on; `0.0.0.0` for all.'),
  DATA_DIR: z.string().min(1).default('./data').describe('Folder of the embedded database and the demo keys.'),
  DATABASE_URL: url(/^postgres(ql)?$/).optional().describe('PostgreSQL server, 15 or newer. Left out: an embedded PostgreSQL in `DATA_DIR`.').meta({ secret: true }),
  OIDC_ISSUER: z.url({ protocol: /^https?$/ }).optional().describe('Issuer of the staff’s bearer tokens, exactly as their `iss`. Left out: API keys only.'),
  OIDC_AUDIENCE: z.string().min(1).optional().describe('What the tokens’ `aud` must hold; needed with `OIDC_ISSUER`.'),
  OIDC_JWKS_URL: z.url({ protocol: /^https?$/ }).optional().describe('Where the issuer’s keys are. Left out: what its discovery document says.'),
  TRUSTED_PROXIES: addresses.describe('Addresses and networks of proxies whose `x-forwarded-for` is believed, with commas between. Left out: none, and the address of a caller is that of its connection.'),
  CORS_ORIGINS: origins.describe('Origins whose pages may call the hub from a browser, with commas between. Left out: none.'),
  INTROSPECTION: z.enum(['any', 'scope']).optional().describe('Who may read the schema by introspection: `any` caller, or those with the scope `schema:read`. Left out: `any` while every agency is a mock, else `scope`.'),
  DATABASE_CONNECTIONS: z.coerce.number().int().min(2).max(500).default(10).describe('Most database connections of this instance.'),
  LIST_CONNECTIONS: z.coerce.number().int().min(1).max(500).default(4).describe('Most database connections of this instance for lists and searches, besides the others.'),
  LIST_TIMEOUT_MS: milliseconds.default(5_000).describe('Longest time for one statement of a list or search in the database.'),
  LIST_COST_LIMIT: limit.default(400_000).describe('Highest cost, as the database estimates it, at which a list or search is run.'),
  EXPORT_OPEN: limit.default(2).describe('Most exports of a caller that wait or are under way.'),
  EXPORT_ROWS: limit.default(1_000_000).describe('Most rows of an export.'),
  EXPORT_KEEP_HOURS: z.coerce.number().int().min(1).max(8_760).default(24).describe('How long the file of an export is kept.'),
  EXPORT_LINK_MINUTES: z.coerce.number().int().min(1).max(1_440).default(15).describe('How long a link to the file of an export works; a new one can be asked for.'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('warn').describe('Least level of log lines, on standard error as JSON.'),
  WORLD_PEOPLE: z.coerce.number().int().min(30).max(5_000_000).default(2_000).describe('People in the synthetic world behind the mock agencies.'),
  WORLD_SEED: z.coerce.number().int().min(0).max(2 ** 31).default(1).describe('Seed of that world.'),
  CACHE_MS: z.coerce.number().int().min(0).max(3_600_000).default(5_000).describe('How long an agency’s answer may be used again, milliseconds; 0 asks every time.'),
  SYNC_INTERVAL_MS: z.coerce.number().int().min(0).max(86_400_000).default(60_000).describe('Pause between two readings of the agencies’ change feeds, milliseconds; 0 reads them at the start only.'),
  EVENTS_KEEP_DAYS: days(1).default(30).describe('How long events are kept for those who read them later, days.'),
  WEBHOOK_TIMEOUT_MS: milliseconds.default(10_000).describe('Longest time for one attempt at a webhook’s receiver.'),
  WEBHOOK_NETWORKS: addresses.describe('Addresses and networks besides public ones that webhooks may be sent to, with commas between. Left out: none, or this machine where every agency is a mock.'),
  COVER_ENDING_DAYS: days(1).default(30).describe('How many days before cover ends subscribers are told.'),
  UNPAID_WAGES_DAYS: days(0).default(defaultThresholds.unpaidWagesDays).describe('Days after which a case of unpaid wages is a gap.'),
  CASE_SERVICE_DAYS: days(0).default(defaultThresholds.caseServiceDays).describe('Days within which a mission’s case should be closed.'),
  REPORTING_DAYS: days(0).default(defaultThresholds.reportingDays).describe('Days that a case may be opened after what it is about, for cover that has ended since.'),
  HEALTH_STATUS_DAYS: days(0).default(defaultThresholds.healthStatusDays).describe('Days that a JKN status is taken to hold after the day it was given for.'),
  SYNC_MAX_REMOVAL_SHARE: z.coerce.number().min(0).max(1).default(0.05).describe('Largest share of an agency’s records that one reading of its feed may remove; more wait for `npm run sync -- --accept-removals`.'),
  SYNC_BATCH: z.coerce.number().int().min(1).max(20_000).default(5_000).describe('Records of one transaction while a feed is read for the first time.'),
  CRAWL_PER_SECOND: z.coerce.number().min(0).max(1_000).optional().describe('Calls a second, over all instances, by which an agency without a feed is asked about its members; 0 turns it off. Left out: 5, at a mock 500.'),
  CRAWL_PER_DAY: z.coerce.number().int().min(0).max(100_000_000).optional().describe('Most such calls in a day (in Jakarta), over all instances. Left out: 50000, at a mock as many as there are.'),
  CRAWL_LEAST_AGE_H: z.coerce.number().min(0).max(8_760).default(24).describe('An agency without a feed is not asked about a member again before this many hours.'),
  LIMIT_REQUESTS_PER_MINUTE: limit.default(6_000).describe('Most requests of a caller in a minute, over all instances.'),
  LIMIT_COST_PER_MINUTE: limit.default(300_000).describe('Most points of a caller in a minute, over all instances: a call to an agency is 10, each person in it 1.'),
  LIMIT_CONCURRENT: limit.default(64).describe('Most requests of a caller under way at the same time, over all instances.'),
  LIMIT_PERSONS_PER_DAY: limit.default(50_000).describe('Most different persons a caller may read in a day, over all instances.'),
  LIMIT_WRONG_KEYS_PER_MINUTE: limit.default(20).describe('Most wrong keys from an address in a minute, over all instances.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: url(/^https?$/).optional().describe('OTLP/HTTP receiver of traces, without `/v1/traces`. Left out: nothing is traced.'),
  OTEL_EXPORTER_OTLP_HEADERS: exportHeaders.describe('Headers for it: `name=value`, with commas between.').meta({ secret: true }),
  OTEL_SERVICE_NAME: z.string().regex(/^[\w.-]{1,64}$/).default('payung').describe('Name of the hub in traces.'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1).describe('Share of requests that are traced, 0 to 1.'),
  AUDIT_KEEP_DAYS: z.coerce.number().int().min(1).max(36_525).optional().describe('How many days `npm run audit:prune` leaves in the audit log. Left out: it prunes nothing; the hub itself never does.'),
  STATISTICS_THREADS: z.coerce.number().int().min(1).max(64).default(2).describe('Processes that read facts for statistics, each on one core; and threads that make facts.'),
  STATISTICS_MEMORY_MB: z.coerce.number().int().min(128).max(262_144).default(1_024).describe('Most memory of DuckDB for reading facts, megabytes, in equal shares for the processes that do; and as much again while facts are made.'),
  STATISTICS_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(1).describe('Statistics answered at the same time; others wait.'),
  STATISTICS_TIMEOUT_MS: milliseconds.default(5_000).describe('Longest time for reading facts for one answer, milliseconds.'),
  STATISTICS_COST: z.coerce.number().int().min(1).default(3_000).describe('Most points that statistics may be reckoned to cost, about one for a millisecond on one core.'),
  REQUEST_TIMEOUT_MS: milliseconds.default(8_000).describe('Longest time for one request.'),
  AGENCY_ATTEMPT_TIMEOUT_MS: milliseconds.default(defaultLimits.attemptTimeoutMs).describe('Longest time for one attempt at an agency.'),
  AGENCY_CALL_TIMEOUT_MS: milliseconds.default(defaultLimits.callTimeoutMs).describe('Longest time for one call to an agency with its repeats and its wait.'),
  AGENCY_ATTEMPTS: z.coerce.number().int().min(1).max(10).default(defaultLimits.attempts).describe('Most attempts for one call, the first included.'),
  AGENCY_RETRY_BUDGET: z.coerce.number().min(0).max(1).default(defaultLimits.retryBudget).describe('Most repeats as a share of the calls of the last ten seconds.'),
  AGENCY_CONCURRENCY: z.coerce.number().int().min(1).max(1_000).default(defaultLimits.concurrency).describe('Most calls under way at one agency.'),
  AGENCY_QUEUE: z.coerce.number().int().min(0).max(100_000).default(defaultLimits.queue).describe('Most calls that wait for a place.'),
  AGENCY_BODY_LIMIT: z.coerce.number().int().min(1_024).default(defaultLimits.bodyLimit).describe('Largest answer read from an agency, bytes.'),
  AGENCY_BREAKER_THRESHOLD: z.coerce.number().int().min(1).default(defaultLimits.breakerThreshold).describe('Failures in a row after which an agency is left alone for a while.'),
  AGENCY_BREAKER_OPEN_MS: milliseconds.default(defaultLimits.breakerOpenMs).describe('How long it is left alone.'),
} satisfies Record<string, z.ZodType>;
type General = z.infer<z.ZodObject<typeof general>>;

/** One agency's settings: `AGENCY_<NAME>_URL`, `AGENCY_<NAME>_MOCK_PORT` and what its definition asks for. */
export interface AgencyConfig {
  readonly definition: AgencyDefinition;
  /** Address of the real agency; undefined: the hub starts its mock. */
  readonly url: string | undefined;
  readonly mockPort: number;
  readonly settings: Record<string, string | number | boolean>;
}

export type Config = General & { readonly agencies: readonly AgencyConfig[] };

/** A setting that is wrong, in one line that names it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** One row of the table of settings. */
export interface SettingDoc {
  readonly name: string;
  readonly meaning: string;
  /** As text; empty where the setting has no default. */
  readonly fallback: string;
  /** Whether it may come from a file: `NAME_FILE`. */
  readonly secret: boolean;
}

function agencyShape(definition: AgencyDefinition): Record<string, z.ZodType> {
  const own = Object.fromEntries(Object.entries(definition.settings).map(([key, type]) => [`AGENCY_${definition.name}_${key}`, type]));
  return {
    [`AGENCY_${definition.name}_URL`]: url(/^https?$/).optional().describe(`Address of ${definition.name}. Left out: the hub starts its mock.`),
    [`AGENCY_${definition.name}_MOCK_PORT`]: port.default(definition.mockPort).describe(`Loopback port of the mock of ${definition.name}; 0 takes any free one.`),
    ...own,
  };
}

const shape = z.object({ ...general, ...Object.assign({}, ...agencies.map(agencyShape)) as Record<string, z.ZodType> });

const isSecret = (type: z.ZodType): boolean => type.meta()?.['secret'] === true;

/** Secrets of whose files (`NAME_FILE`) the environment gives the paths, as orchestrators mount them. What a file holds is in no message. */
function secretsFromFiles(given: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, type] of Object.entries(shape.shape as Record<string, z.ZodType>)) {
    const path = given[`${name}_FILE`];
    if (path === undefined || !isSecret(type)) continue;
    if (given[name] !== undefined) throw new ConfigError(`${name}_FILE: set this or ${name}, not both`);
    try {
      found[name] = readFileSync(path, 'utf8').trim();
    } catch (error) {
      throw new ConfigError(`${name}_FILE: the file cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown fault'})`);
    }
    if (found[name] === '') throw new ConfigError(`${name}_FILE: the file is empty`);
  }
  return found;
}

/** Reads the settings from the environment, secrets also from files. An empty value counts as left out. Throws {@link ConfigError} at the first that is wrong. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = shape.safeParse({ ...given, ...secretsFromFiles(given) });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ConfigError(`${issue!.path.join('.')}: ${issue!.message}`);
  }
  const values = parsed.data as Record<string, unknown>;
  if (values['OIDC_ISSUER'] !== undefined && values['OIDC_AUDIENCE'] === undefined) throw new ConfigError('OIDC_AUDIENCE: must be set with OIDC_ISSUER');
  return {
    ...(values as General),
    agencies: agencies.map((definition) => ({
      definition,
      url: values[`AGENCY_${definition.name}_URL`] as string | undefined,
      mockPort: values[`AGENCY_${definition.name}_MOCK_PORT`] as number,
      settings: Object.fromEntries(Object.keys(definition.settings).map((key) => [key, values[`AGENCY_${definition.name}_${key}`] as string])),
    })),
  };
}

/** The thresholds of the rules of protection, as set. */
export function thresholdsOf(config: General): ProtectionOptions {
  return { unpaidWagesDays: config.UNPAID_WAGES_DAYS, caseServiceDays: config.CASE_SERVICE_DAYS, reportingDays: config.REPORTING_DAYS, healthStatusDays: config.HEALTH_STATUS_DAYS };
}

/** The table of settings that the README shows. */
export function settingDocs(): SettingDoc[] {
  return Object.entries(shape.shape as Record<string, z.ZodType>).map(([name, type]) => {
    const fallback = type.safeParse(undefined);
    return { name, meaning: type.description ?? '', fallback: fallback.success && fallback.data !== undefined ? String(fallback.data) : '', secret: isSecret(type) };
  });
}
