import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { wrongInput } from './fault.ts';

/**
 * Cursors: positions in a list, sealed. A position holds values of the row it stands on, so that the list can go on behind it though the row has changed or gone;
 * sealed, it tells nobody a name or a number, and cannot be made up or altered. It is bound to the list that it is of: another order or other conditions make
 * another list.
 */
export interface Cursors {
  write(position: unknown, list: string): string;
  /** Throws where it is no cursor of the list. */
  read(cursor: string, list: string): unknown;
}

const algorithm = 'aes-256-gcm';
const [ivLength, tagLength] = [12, 16];

export function createCursors(secret: Uint8Array): Cursors {
  const key = createHash('sha256').update(secret).digest();
  return {
    write(position, list) {
      const iv = randomBytes(ivLength);
      const cipher = createCipheriv(algorithm, key, iv, { authTagLength: tagLength }).setAAD(Buffer.from(list));
      const sealed = Buffer.concat([cipher.update(JSON.stringify(position)), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    read(cursor, list) {
      try {
        const bytes = Buffer.from(cursor, 'base64url');
        if (bytes.toString('base64url') !== cursor) throw new Error('not as written');
        const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, ivLength), { authTagLength: tagLength }).setAAD(Buffer.from(list)).setAuthTag(bytes.subarray(ivLength, ivLength + tagLength));
        return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(ivLength + tagLength)), decipher.final()]).toString()) as unknown;
      } catch {
        throw wrongInput('after must be a cursor that this list gave, unaltered, with the same text, where and orderBy.');
      }
    },
  };
}

/** Names a list for its cursors: what it is of, its conditions and its order. Alike for alike, whatever the order of keys. */
export function listName(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts, sortKeys)).digest('base64url');
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
