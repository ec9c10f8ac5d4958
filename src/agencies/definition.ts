import type { z } from 'zod';
import type { AgencyName, Facet } from '../domain/record.ts';
import type { IdentifierKind } from '../domain/identifier.ts';
import type { Agency } from './agency.ts';
import type { CallObserver, TransportLimits } from './transport/transport.ts';
import type { MockServer } from './mocking/server.ts';
import type { World } from './world/world.ts';

/** Settings of an agency beyond its address: credentials and the like, read from `AGENCY_<NAME>_<KEY>`. The defaults fit the mock. */
export type SettingsShape = Record<string, z.ZodType<string | number | boolean>>;

export interface OpenOptions<S extends SettingsShape> {
  /** Base URL of the agency, without a slash at the end. */
  readonly url: string;
  /** Whether that address is the hub's own mock. */
  readonly mock: boolean;
  readonly settings: { readonly [K in keyof S]: z.infer<S[K]> };
  readonly limits: TransportLimits;
  /** Told of every call, for metrics and traces. */
  readonly observe?: CallObserver;
  /** Default: the system clock. */
  readonly now?: () => Date;
}

export interface MockOptions<S extends SettingsShape> {
  readonly world: World;
  /** Credentials that the mock accepts. */
  readonly settings: { readonly [K in keyof S]: z.infer<S[K]> };
  /** Port on 127.0.0.1; 0 takes any free one. */
  readonly port: number;
  /** Default: the system clock. */
  readonly now?: () => Date;
}

/**
 * One agency, whole: what it is, how to open its adapter and how to start its mock. `src/agencies/index.ts` lists them; nothing else names an
 * agency. Adding one is a folder with contract, client, map, mock and index, and one line in that list (docs/agencies.md).
 */
export interface AgencyDefinition<S extends SettingsShape = SettingsShape> {
  /** Enum form, also the middle of its settings' names: `AGENCY_<NAME>_URL`. */
  readonly name: AgencyName;
  /** Full name in Indonesian. */
  readonly title: string;
  /** What it holds, one English sentence for the schema. */
  readonly description: string;
  readonly holds: readonly Facet[];
  readonly looksUpBy: readonly IdentifierKind[];
  readonly batchLimit: number;
  /** True where the wire form is the hub's own invention, for want of a published one. */
  readonly inventedWire: boolean;
  /** Loopback port of the mock in the default mode. */
  readonly mockPort: number;
  readonly settings: S;
  open(options: OpenOptions<S>): Agency;
  startMock(options: MockOptions<S>): Promise<MockServer>;
}

/** Keeps the settings' types while checking the definition. */
export function defineAgency<const S extends SettingsShape>(definition: AgencyDefinition<S>): AgencyDefinition<S> {
  return definition;
}
