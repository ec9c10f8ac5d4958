import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose';
import { z } from 'zod';
import { boundsForm, unbounded } from './bounds.ts';
import { isPurpose } from './purposes.ts';
import { type Caller, isScope } from './scopes.ts';
import { usualTerms } from './terms.ts';

export interface StaffOptions {
  /** `iss` of the tokens, exactly as they carry it. */
  readonly issuer: string;
  /** What must be in `aud`. */
  readonly audience: string;
  /** Where the issuer's keys are. Default: what its discovery document says. */
  readonly jwksUrl?: string;
  /** How far clocks may be apart, seconds. Default 30. */
  readonly clockSkewSeconds?: number;
  /** How often the issuer's keys are read anew, milliseconds. When that fails, those known go on. Default 600000. */
  readonly refreshMs?: number;
  /** How long after reading the keys an unknown key id does not make the hub read them again, milliseconds. Default 30000. */
  readonly cooldownMs?: number;
  /** Told when the issuer could not be reached. */
  readonly onFault?: (error: unknown) => void;
  /** Default: the system clock. */
  readonly now?: () => Date;
}

/** Staff of the agencies, by bearer tokens of their identity provider. */
export interface Staff {
  /** Who the token belongs to; null for every kind of wrong token alike. */
  identify(token: string): Promise<Caller | null>;
}

/** Asymmetric ones only: with a shared secret, or none, anybody could sign. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const;

const words = z.union([z.string().transform((text) => text.split(' ')), z.array(z.string())]);
/** The claims that the hub reads besides the registered ones: see docs/access.md. */
const claimsForm = z.object({
  sub: z.string().min(1).max(255),
  scope: words.optional(),
  scp: words.optional(),
  payung_bounds: boundsForm.optional(),
  payung_purposes: words.optional(),
});

/** What a token's claims allow; null where they are not of their form. */
export function callerOf(payload: JWTPayload): Caller | null {
  const claims = claimsForm.safeParse(payload);
  if (!claims.success) return null;
  const { sub, scope, scp, payung_bounds: bounds, payung_purposes: purposes } = claims.data;
  // Whoever forgets to say how far a token reaches must not have given everything: nationwide is said by `{}`.
  const scopes = bounds === undefined ? [] : [...(scope ?? []), ...(scp ?? [])].filter(isScope);
  return { kind: 'STAFF', id: sub, name: 'staff', scopes: new Set(scopes), bounds: bounds ?? unbounded, purposes: purposes ? new Set(purposes.filter(isPurpose)) : null, environment: 'live', ...usualTerms };
}

type KeySet = ReturnType<typeof createRemoteJWKSet>;

export function createStaff(options: StaffOptions): Staff {
  const { issuer, audience, clockSkewSeconds = 30, refreshMs = 600_000, cooldownMs = 30_000 } = options;
  const now = options.now ?? (() => new Date());
  let keys: Promise<KeySet> | null = null;
  let readAt = 0;

  async function open(): Promise<KeySet> {
    const url = options.jwksUrl ?? (await discover(issuer));
    // Keys are read anew by refresh, in the background: a provider that is down must not stop tokens that it has signed.
    return createRemoteJWKSet(new URL(url), { cacheMaxAge: Number.POSITIVE_INFINITY, cooldownDuration: cooldownMs, timeoutDuration: 5_000 });
  }

  /** The issuer's keys; a failed discovery is tried again at the next token. */
  function keySet(): Promise<KeySet> {
    keys ??= open().catch((error: unknown) => {
      keys = null;
      options.onFault?.(error);
      throw error;
    });
    return keys;
  }

  function refresh(set: KeySet): void {
    const at = now().getTime();
    if (at - readAt < refreshMs) return;
    // The first reading is the verification's own.
    const first = readAt === 0;
    readAt = at;
    if (!first) set.reload().catch((error: unknown) => options.onFault?.(error));
  }

  return {
    async identify(token) {
      try {
        const set = await keySet();
        refresh(set);
        const { payload } = await jwtVerify(token, set, { issuer, audience, algorithms: [...algorithms], clockTolerance: clockSkewSeconds, requiredClaims: ['sub', 'exp'], currentDate: now() });
        return callerOf(payload);
      } catch {
        return null;
      }
    },
  };
}

const discoveryForm = z.object({ issuer: z.string(), jwks_uri: z.url() });

/** Where an issuer's keys are, by OpenID Connect Discovery. */
async function discover(issuer: string): Promise<string> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, { redirect: 'error', signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`discovery of OIDC_ISSUER answered ${response.status}`);
  const found = discoveryForm.parse(await response.json());
  if (found.issuer !== issuer) throw new Error('the discovery document names another issuer than OIDC_ISSUER');
  return found.jwks_uri;
}
