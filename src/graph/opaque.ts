import { createHmac } from 'node:crypto';

/**
 * Names agency-owned objects without telling their numbers: a keyed digest of agency, record and number. The same object has the same name on every
 * instance; without the hub's secret nobody can go from the name to a KPJ or a case number, not even by trying them all.
 */
export interface Opaque {
  /** 22 base64url characters (128 bits). */
  name(...parts: readonly string[]): string;
}

export function createOpaque(secret: Uint8Array): Opaque {
  return {
    name: (...parts) => createHmac('sha256', secret).update(parts.join('\n')).digest('base64url').slice(0, 22),
  };
}
