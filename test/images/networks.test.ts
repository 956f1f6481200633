import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { ENGINE } from './cut-engine.js';
import { engine, imageOf } from './support.js';

test('those that ensure a network at the same moment get the same one', async () => {
  const { name, bridge, labels } = newNetwork();
  for (let round = 0; round < 10; round++) {
    const eight = Array.from({ length: 8 }, () => engine.networks.ensure(name, bridge, labels));
    const ids = new Set(await Promise.all(eight));
    expect([...ids]).toEqual(await engine.networks.withLabel(name));
    for (const id of ids) await engine.networks.remove(id);
  }
});

test('another that has the bridge is waited for, and named in the error in the end', async () => {
  const { name, bridge, labels } = newNetwork();
  const other = await engine.networks.ensure(`${name}-other`, bridge, labels);
  await expect(engine.networks.ensure(name, bridge, labels)).rejects.toThrow(
    new RegExp(`${bridge}.*conflicts with network ${other}.*have same bridge name`),
  );
  const [ensured] = await Promise.all([
    engine.networks.ensure(name, bridge, labels),
    engine.networks.remove(other),
  ]);
  expect(await engine.networks.withLabel(name)).toEqual([ensured]);
});

test('of several with the same name those without containers go, and one stays', async ({
  skip,
}) => {
  const { name, bridge, labels } = newNetwork();
  const ensure = () => engine.networks.ensure(name, bridge, labels);
  const second = async () => {
    const id = await createUnchecked(name, labels);
    if (id === undefined) skip('this engine gives a name to one network only');
  };

  await ensure();
  await second();
  const stays = await ensure();
  expect(await engine.networks.withLabel(name)).toEqual([stays]);

  const image = await imageOf('sleeps', ['ENTRYPOINT ["sleep", "60"]']);
  const container = await engine.containers.create({ image, network: stays, labels });
  onTestFinished(() => engine.containers.remove(container));
  await engine.containers.start(container);
  await second();
  await second();
  expect(await ensure()).toBe(stays);
  expect(await engine.networks.withLabel(name)).toEqual([stays]);
});

function newNetwork() {
  const name = `test-${randomBytes(4).toString('hex')}`;
  const labels = { [name]: 'true' };
  onTestFinished(async () => {
    for (const id of await engine.networks.withLabel(name)) await engine.networks.remove(id);
  });
  return { name, bridge: name, labels };
}

/** Undefined where the engine refuses a name that is there, unasked. */
async function createUnchecked(
  name: string,
  labels: Record<string, string>,
): Promise<string | undefined> {
  const answer = await new Promise<string>((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const path = '/v1.41/networks/create';
    const sent = request({ socketPath: ENGINE, method: 'POST', path, headers }, (response) =>
      text(response).then(resolve, reject),
    );
    sent.on('error', reject);
    sent.end(JSON.stringify({ Name: name, Driver: 'bridge', Labels: labels }));
  });
  return (JSON.parse(answer) as { Id?: string }).Id;
}
