import { openRegistry } from '../../pins/index.js';
import { imageAt } from '../../registry/index.js';
import { error, type Finding, warning } from '../finding.js';
import { type CheckContext, eachImage, partsOf } from './context.js';

/**
 * Digests that their registry does not have.
 *
 * @throws RuntimeKitError of a registry that does not answer, or refuses to
 */
export async function checkRegistries(context: CheckContext): Promise<Finding[]> {
  const asked = new Map<string, Promise<Finding | undefined>>();
  const clients = new Map<string, ReturnType<typeof openRegistry>>();
  for (const { image, where } of eachImage(context)) {
    const { reference, digest } = partsOf(image.image);
    if (digest === '' || asked.has(image.image)) continue;
    const { host, repository } = imageAt(reference);
    if (!/[.:]|^localhost$/.test(host)) {
      const finding = warning(
        'registry',
        where,
        `${reference} names no registry: it was not asked`,
      );
      asked.set(image.image, Promise.resolve(finding));
      continue;
    }
    const client = clients.get(host) ?? openRegistry(host, context.catalog);
    clients.set(host, client);
    asked.set(
      image.image,
      client
        .then((opened) => opened.client.digestOf(repository, digest))
        .then((found) =>
          found === digest
            ? undefined
            : error('registry', where, `${host} does not have ${digest}`),
        ),
    );
  }
  const findings = await Promise.all(asked.values());
  return findings.filter((one) => one !== undefined);
}
