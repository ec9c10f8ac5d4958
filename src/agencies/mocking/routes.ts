import type { MockRoute } from './server.ts';

export interface FoundRoute {
  readonly route: MockRoute;
  readonly params: Readonly<Record<string, string>>;
}

/** Makes a function that finds the route for a method and path. */
export function compileRoutes(routes: readonly MockRoute[]): (method: string, path: string) => FoundRoute | null {
  const compiled = routes.map((route) => ({ route, segments: route.path.split('/') }));
  return (method, path) => {
    const given = path.split('/');
    for (const { route, segments } of compiled) {
      if (route.method !== method || segments.length !== given.length) continue;
      const params = matchSegments(segments, given);
      if (params !== null) return { route, params };
    }
    return null;
  };
}

function matchSegments(segments: readonly string[], given: readonly string[]): Record<string, string> | null {
  const params: Record<string, string> = {};
  for (const [place, segment] of segments.entries()) {
    const text = given[place] ?? '';
    if (segment.startsWith(':')) params[segment.slice(1)] = decode(text);
    else if (segment !== text) return null;
  }
  return params;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
