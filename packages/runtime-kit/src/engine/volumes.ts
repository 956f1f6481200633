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

  /** Names of the volumes that carry a label (`name` or `name=value`). */
  async withLabel(label: string): Promise<string[]> {
    const { Volumes } = await this.docker.listVolumes({
      filters: JSON.stringify({ label: [label] }),
    });
    return (Volumes ?? []).map(({ Name }) => Name);
  }
}
