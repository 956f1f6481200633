import { PackageURL } from 'packageurl-js';

/** A file of dpkg: stanzas of `Name: value` lines, values going on in lines that begin with a space. */
function stanzas(text: string): Map<string, string>[] {
  return text
    .split(/\n\n+/)
    .map((stanza) => new Map([...stanza.matchAll(/^([!-9;-~]+):[ \t]*(.*)$/gm)].map(pair)))
    .filter((fields) => fields.has('Package'));
}

function pair([, name = '', value = '']: RegExpMatchArray): [string, string] {
  return [name, value];
}

/**
 * Package URLs of what dpkg's files say is installed: of its status file, where packages that were removed
 * may still stand, or of single stanzas, which say nothing of a status.
 *
 * @param suite the Debian release, such as `trixie`
 */
export function debianPackages(text: string, suite: string): string[] {
  return stanzas(text)
    .filter((fields) => / installed$/.test(fields.get('Status') ?? 'ok installed'))
    .map((fields) =>
      new PackageURL('deb', 'debian', fields.get('Package') ?? '', fields.get('Version'), {
        arch: fields.get('Architecture') ?? '',
        distro: suite,
      }).toString(),
    );
}
