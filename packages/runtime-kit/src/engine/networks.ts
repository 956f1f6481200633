import type Docker from 'dockerode';
import { statusOf } from './status.js';

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
   * none. Of several that were made at the same moment the first stays.
   */
  async ensure(name: string, labels: Record<string, string>): Promise<string> {
    const known = await this.first(name);
    if (known !== undefined) return known;
    const made = await this.create(name, labels);
    const first = (await this.first(name)) ?? made;
    if (first === undefined) return this.ensure(name, labels);
    if (made !== undefined && first !== made) await this.remove(made);
    return first;
  }

  /** Undefined where it is there by now; two at the same moment may both succeed all the same. */
  private async create(name: string, labels: Record<string, string>): Promise<string | undefined> {
    try {
      const options = { Name: name, CheckDuplicate: true, Driver: 'bridge', Labels: labels };
      return (await this.docker.createNetwork(options)).id;
    } catch (error) {
      if (statusOf(error) !== 409) throw error;
      return undefined;
    }
  }

  private async first(name: string): Promise<string | undefined> {
    const found = await this.docker.listNetworks({ filters: JSON.stringify({ name: [name] }) });
    // The filter takes a part of a name too.
    const named = found.filter(({ Name }) => Name === name);
    const [first] = named.sort((a, b) => key(a).localeCompare(key(b)));
    return first?.Id;
  }

  async remove(name: string): Promise<void> {
    try {
      await this.docker.getNetwork(name).remove();
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
    }
  }

  /** Names of the networks that carry a label (`name` or `name=value`). */
  async withLabel(label: string): Promise<string[]> {
    const found = await this.docker.listNetworks({
      filters: JSON.stringify({ label: [label] }),
    });
    return found.map(({ Name }) => Name);
  }
}

function key({ Created, Id }: { Created: string; Id: string }): string {
  return `${Created} ${Id}`;
}
