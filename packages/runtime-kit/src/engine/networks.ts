import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { reasonOf, statusOf } from './status.js';

const STILL_USED = 403;
/** What another makes is listed within a moment; a bridge that is taken for good is an error after five seconds. */
const TRIES = 50;
const TRY_AGAIN_MS = 100;

export class Networks {
  constructor(private readonly docker: Docker) {}

  /**
   * Creates a network from which its containers reach each other and the engine's machine, and nothing
   * else. Returns the address of that machine in it; undefined where the engine gives it none.
   */
  async createInternal(name: string, labels: Record<string, string>): Promise<string | undefined> {
    const network = await this.docker.createNetwork({
      Name: name,
      CheckDuplicate: true,
      Driver: 'bridge',
      Internal: true,
      Labels: labels,
    });
    const { IPAM } = await network.inspect();
    return IPAM?.Config?.[0]?.Gateway;
  }

  /**
   * The id of a network of that name whose containers find each other by their names; made where there is
   * none. Engines check a name and take it in two steps, so that two at the same moment may both succeed;
   * the bridge (at most 15 characters) they take in one, and it decides who makes the network.
   *
   * @throws what the engine answered, also where a network of another name has the bridge.
   */
  async ensure(name: string, bridge: string, labels: Record<string, string>): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      const known = await this.one(name);
      if (known !== undefined) return known;
      try {
        return await this.create(name, bridge, labels);
      } catch (error) {
        if (attempt === TRIES || !isThereByNow(error)) throw error;
        await sleep(TRY_AGAIN_MS);
      }
    }
  }

  private async create(
    name: string,
    bridge: string,
    labels: Record<string, string>,
  ): Promise<string> {
    const network = await this.docker.createNetwork({
      Name: name,
      CheckDuplicate: true,
      Driver: 'bridge',
      Options: { 'com.docker.network.bridge.name': bridge },
      Labels: labels,
    });
    return network.id;
  }

  /**
   * The id of the network of that name. Where there are several, with which an engine starts no container,
   * those without containers are removed but for one; all that do this at once begin at the same end.
   */
  private async one(name: string): Promise<string | undefined> {
    const found = await this.docker.listNetworks({ filters: JSON.stringify({ name: [name] }) });
    // The filter takes a part of a name too.
    const ids = found.flatMap(({ Name, Id }) => (Name === name ? [Id] : [])).sort();
    const kept: string[] = [];
    for (const [index, id] of ids.entries()) {
      const isLastHope = kept.length === 0 && index === ids.length - 1;
      if (isLastHope || !(await this.removeUnused(id))) kept.push(id);
    }
    return kept[0];
  }

  /** False where containers use it, and it stays. */
  async removeUnused(id: string): Promise<boolean> {
    try {
      await this.remove(id);
      return true;
    } catch (error) {
      if (statusOf(error) !== STILL_USED) throw error;
      return false;
    }
  }

  /** By name or id; one that is not there is none the less removed. */
  async remove(nameOrId: string): Promise<void> {
    try {
      await this.docker.getNetwork(nameOrId).remove();
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
    }
  }

  /** Ids of the networks that carry a label (`name` or `name=value`). */
  async withLabel(label: string): Promise<string[]> {
    const found = await this.docker.listNetworks({
      filters: JSON.stringify({ label: [label] }),
    });
    return found.map(({ Id }) => Id);
  }
}

function isThereByNow(error: unknown): boolean {
  return statusOf(error) === 409 || reasonOf(error).includes('have same bridge name');
}
