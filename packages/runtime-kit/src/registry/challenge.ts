/** How a registry wants to be authenticated to, by its WWW-Authenticate. */
export type Challenge =
  | { scheme: 'basic' }
  | { scheme: 'bearer'; realm: string; service: string | undefined; scope: string | undefined };

/** The bearer challenge where there are several; undefined where none is known. */
export function parseChallenge(header: string | string[] | undefined): Challenge | undefined {
  const all = [header ?? []].flat();
  for (const one of all) {
    const [, parameters] = /\bbearer\s+(.*)$/i.exec(one) ?? [];
    if (parameters === undefined) continue;
    const found = new Map(
      [...parameters.matchAll(/([a-z_]+)="([^"]*)"/gi)].map(([, name = '', value = '']) => [
        name.toLowerCase(),
        value,
      ]),
    );
    const realm = found.get('realm');
    if (realm)
      return { scheme: 'bearer', realm, service: found.get('service'), scope: found.get('scope') };
  }
  return all.some((one) => /^\s*basic\b/i.test(one)) ? { scheme: 'basic' } : undefined;
}
