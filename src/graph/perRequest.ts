import type { GraphContext } from './context.ts';

/**
 * Something that the resolvers of one request share, made when the first asks for it. It hangs on the request's context and goes with it. In a WeakMap
 * beside the contexts it would not: the collector of young objects holds the values of such a map for alive, so that all that a request has read would be moved to
 * the old ones.
 */
export function perRequest<T extends object>(make: (context: GraphContext) => T): (context: GraphContext) => T {
  return (context) => {
    let made = context.shared.get(make) as T | undefined;
    if (!made) context.shared.set(make, (made = make(context)));
    return made;
  };
}
