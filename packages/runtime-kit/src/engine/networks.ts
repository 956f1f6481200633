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
