import type Docker from 'dockerode';
import { statusOf } from './status.js';

export class Volumes {
  constructor(private readonly docker: Docker) {}

  async create(name: string, labels: Record<string, string>): Promise<void> {
    await this.docker.createVolume({ Name: name, Labels: labels });
  }

  async remove(name: string): Promise<void> {
    try {
      await this.docker.getVolume(name).remove({ force: true });
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
    }
  }

  /** Names of the volumes that carry all of these labels (`name` or `name=value`). */
  async withLabel(...labels: string[]): Promise<string[]> {
    const { Volumes } = await this.docker.listVolumes({
      filters: JSON.stringify({ label: labels }),
    });
    return (Volumes ?? []).map(({ Name }) => Name);
  }
}
