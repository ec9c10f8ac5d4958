import { createHash } from 'node:crypto';
import { isNull, notInArray, and, sql } from 'drizzle-orm';
import { parse, print } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Database } from '../store/database.ts';
import { trustedDocument } from '../store/tables.ts';

/** A document on the allow-list. */
export interface TrustedDocument {
  /** `sha256:` and the SHA-256 of the text, hexadecimal: what a request sends as `documentId`. */
  readonly id: string;
  /** Normalised: as graphql-js prints it, so that spaces and comments make no other document. */
  readonly text: string;
}

/** What became of a publication. */
export interface Publication {
  readonly added: readonly string[];
  readonly retired: readonly string[];
}

/** The allow-list of documents, the same for all instances. Callers cannot add to it. */
export interface Documents {
  /** How many are listed. */
  readonly size: number;
  /** The text of a listed document; null where none has the id. */
  find(id: string): string | null;
  /** Whether the text is a listed document, however it is spaced. */
  lists(text: string): boolean;
  /** Makes these the whole list: what is not among them is retired. */
  publish(documents: readonly TrustedDocument[], at: Date): Promise<Publication>;
}

export const documentIdForm = /^sha256:[0-9a-f]{64}$/;

/** The document of a text; throws where the text is not GraphQL. */
export function trustedDocumentOf(text: string): TrustedDocument {
  const normal = print(parse(text));
  return { id: `sha256:${createHash('sha256').update(normal).digest('hex')}`, text: normal };
}

/** Says that the list has changed. */
const channel = 'payung_documents';

export async function createDocuments(database: Database): Promise<Documents> {
  let listed: ReadonlyMap<string, string> = new Map();
  /** Ids of texts that were sent; null for what is not GraphQL. */
  const ids = new LRUCache<string, { readonly id: string | null }>({ max: 1_000, maxSize: 8_000_000, sizeCalculation: (_id, text) => text.length + 100 });
  let reading: Promise<void> = Promise.resolve();

  async function read(): Promise<void> {
    const rows = await database.run((q) => q.select({ id: trustedDocument.id, text: trustedDocument.body }).from(trustedDocument).where(isNull(trustedDocument.retiredAt)));
    listed = new Map(rows.map(({ id, text }) => [id, text]));
  }
  /** One after the other, so that an older list never takes a newer one's place. A read that fails leaves the list as it is until the next connection. */
  const refresh = (): Promise<void> => (reading = reading.then(read, read));
  const hear = () => void refresh().catch(() => {});
  await database.listen(channel, hear, hear);
  await refresh();

  function idOf(text: string): string | null {
    const known = ids.get(text);
    if (known) return known.id;
    let id: string | null = null;
    try {
      ({ id } = trustedDocumentOf(text));
    } catch {
      // Not GraphQL, so not listed.
    }
    ids.set(text, { id });
    return id;
  }

  return {
    get size() {
      return listed.size;
    },
    find: (id) => listed.get(id) ?? null,
    lists(text) {
      const id = idOf(text);
      return id !== null && listed.has(id);
    },
    async publish(documents, publishedAt) {
      const wanted = [...new Map(documents.map((document) => [document.id, document])).values()];
      const publication = await database.transaction(async (q) => {
        const before = await q.select({ id: trustedDocument.id }).from(trustedDocument).where(isNull(trustedDocument.retiredAt));
        const kept = new Set(before.map(({ id }) => id));
        if (wanted.length > 0) {
          await q
            .insert(trustedDocument)
            .values(wanted.map(({ id, text }) => ({ id, body: text, publishedAt })))
            .onConflictDoUpdate({ target: trustedDocument.id, set: { retiredAt: null, publishedAt: sql`case when ${trustedDocument.retiredAt} is null then ${trustedDocument.publishedAt} else excluded.published_at end` } });
        }
        const gone = wanted.length > 0 ? notInArray(trustedDocument.id, wanted.map(({ id }) => id)) : undefined;
        const retired = await q.update(trustedDocument).set({ retiredAt: publishedAt }).where(and(isNull(trustedDocument.retiredAt), gone)).returning({ id: trustedDocument.id });
        return { added: wanted.map(({ id }) => id).filter((id) => !kept.has(id)), retired: retired.map(({ id }) => id) };
      });
      await refresh();
      await database.run((q) => q.execute(sql`select pg_notify(${channel}, '')`));
      return publication;
    },
  };
}
