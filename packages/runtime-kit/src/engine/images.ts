import type Docker from 'dockerode';
import { RuntimeKitError } from '../errors.js';
import { followBuild } from './buildkit.js';
import { followPush, type PushLogin } from './push.js';
import { reasonOf, statusOf } from './status.js';
import type { BuildOptions, ImageInfo } from './types.js';

export class Images {
  constructor(private readonly docker: Docker) {}

  /** undefined where the engine does not have it. */
  async find(reference: string): Promise<ImageInfo | undefined> {
    const image = this.docker.getImage(reference);
    try {
      const [data, history] = await Promise.all([image.inspect(), image.history()]);
      const sizeBytes = (history as { Size: number }[]).reduce((sum, { Size }) => sum + Size, 0);
      return {
        id: data.Id,
        tags: data.RepoTags ?? [],
        repoDigests: data.RepoDigests ?? [],
        architecture: data.Architecture,
        platform: `${data.Os}/${data.Architecture}`,
        created: data.Created,
        labels: data.Config?.Labels ?? {},
        user: data.Config?.User ?? '',
        env: data.Config?.Env ?? [],
        entrypoint: [data.Config?.Entrypoint ?? []].flat(),
        sizeBytes,
        layers: data.RootFS?.Layers ?? [],
      };
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  }

  /**
   * Pulls from a registry.
   *
   * @throws the engine's own error, with its status code.
   */
  async pull(reference: string, signal?: AbortSignal): Promise<void> {
    const stream = await this.docker.pull(reference, signal ? { abortSignal: signal } : {});
    await new Promise<void>((resolve, reject) =>
      this.docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve())),
    );
  }

  /**
   * Pushes a name to the registry that it begins with; returns the manifest's digest.
   *
   * @throws PushError
   */
  async push(name: string, login: PushLogin, signal?: AbortSignal): Promise<string> {
    const image = this.docker.getImage(name);
    return followPush(
      this.docker,
      image.push({ authconfig: login, ...(signal ? { abortSignal: signal } : {}) }),
    );
  }

  /** Makes an image of one layer from a root file system as tar; returns the image id. */
  async import(tar: NodeJS.ReadableStream, name: string): Promise<string> {
    const [repo = name, tag = 'latest'] = name.split(':');
    const stream = await this.docker.importImage(tar, { repo, tag });
    const output = await new Promise<{ status?: string }[]>((resolve, reject) =>
      this.docker.modem.followProgress(stream, (error, lines) =>
        error ? reject(error) : resolve(lines),
      ),
    );
    const id = output.findLast(({ status }) => status?.startsWith('sha256:'))?.status;
    if (id === undefined)
      throw new RuntimeKitError('ENGINE_FAILED', `the engine did not import ${name}`, {
        hint: 'is its disk full? `runtime-kit doctor` tells',
      });
    return id;
  }

  /**
   * Builds with BuildKit and returns the image id.
   *
   * @throws RuntimeKitError BUILD_FAILED with the failing step and its last log lines.
   */
  async build(options: BuildOptions): Promise<string> {
    const stream = await this.docker.buildImage(options.context, {
      version: '2',
      dockerfile: options.dockerfile,
      target: options.target,
      t: options.tags as unknown as string,
      buildargs: options.args,
      labels: options.labels,
      ...(options.signal ? { abortSignal: options.signal } : {}),
    });
    return followBuild(stream, options);
  }

  /** The images that carry a label (`name` or `name=value`). */
  async withLabel(label: string): Promise<{ id: string; tags: string[] }[]> {
    const found = await this.docker.listImages({ filters: JSON.stringify({ label: [label] }) });
    return found.map(({ Id, RepoTags }) => ({ id: Id, tags: RepoTags ?? [] }));
  }

  /** The image as `docker save` writes it: a tar of layers and of documents that name them. */
  async save(reference: string): Promise<NodeJS.ReadableStream> {
    return this.docker.getImage(reference).get();
  }

  /**
   * Takes images from a tar as `docker save` writes it.
   *
   * @throws RuntimeKitError ENGINE_FAILED
   */
  async load(tar: NodeJS.ReadableStream, signal?: AbortSignal): Promise<void> {
    try {
      const options = { quiet: true, ...(signal ? { abortSignal: signal } : {}) };
      const stream = await this.docker.loadImage(tar, options);
      await new Promise<void>((resolve, reject) =>
        this.docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve())),
      );
    } catch (error) {
      signal?.throwIfAborted();
      throw new RuntimeKitError('ENGINE_FAILED', `the engine loads no images: ${reasonOf(error)}`, {
        hint: 'is it up, and is its disk full? `runtime-kit doctor` tells',
        cause: error,
      });
    }
  }

  async tag(id: string, name: string): Promise<void> {
    const colon = name.lastIndexOf(':');
    await this.docker.getImage(id).tag({ repo: name.slice(0, colon), tag: name.slice(colon + 1) });
  }

  async remove(reference: string): Promise<void> {
    try {
      await this.docker.getImage(reference).remove();
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
    }
  }

  /** Removes an image that no name leads to any more, unless a container uses it. */
  async removeUntagged(id: string): Promise<void> {
    const image = await this.find(id);
    if (!image || image.tags.length > 0) return;
    try {
      await this.remove(id);
    } catch (error) {
      if (statusOf(error) !== 409) throw error;
    }
  }

  /** @throws RuntimeKitError IMAGE_NOT_FOUND where it is neither here nor can be pulled. */
  async require(reference: string, signal?: AbortSignal): Promise<ImageInfo> {
    const here = await this.find(reference);
    if (here) return here;
    try {
      await this.pull(reference, signal);
    } catch (error) {
      throw new RuntimeKitError(
        'IMAGE_NOT_FOUND',
        `there is no image ${reference} on the engine, and it cannot be pulled: ${reasonOf(error)}`,
        {
          hint: 'check the name; `runtime-kit list` shows what can be built here',
          cause: error,
        },
      );
    }
    const pulled = await this.find(reference);
    if (pulled) return pulled;
    throw new RuntimeKitError('IMAGE_NOT_FOUND', `${reference} was pulled but is not there`);
  }
}
