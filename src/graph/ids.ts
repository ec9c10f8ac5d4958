/** A global id read out; both parts are empty where the text is none of the hub's ids. */
export interface GlobalId {
  readonly typename: string;
  readonly id: string;
}

/** `Type:id` in base64, as Relay does it. The inner id is ASCII, and tells nothing about the person. */
export function encodeId(typename: string, id: string | number | bigint): string {
  // A third of what a buffer takes.
  return btoa(`${typename}:${id}`);
}

/** Reads what {@link encodeId} wrote. Never throws: an id of nothing is an object that does not exist. */
export function decodeId(text: string): GlobalId {
  const [, typename = '', id = ''] = /^(\w+):(.+)$/s.exec(Buffer.from(text, 'base64').toString()) ?? [];
  return { typename, id };
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The hub's id of a worker, if the text is one; the id of a fact begins with it. */
export function workerIdIn(text: string): string | null {
  const [head] = text.split('.');
  return head !== undefined && uuid.test(head) ? head : null;
}
