import protobuf from 'protobufjs';

/** A step of the build graph, as BuildKit's control API describes it. */
export interface VertexStatus {
  digest: string;
  name: string;
  cached: boolean;
  started: boolean;
  completed: boolean;
  error: string;
}

export interface Status {
  vertexes: VertexStatus[];
  logs: { vertex: string; text: string }[];
}

// The fields we read of moby.buildkit.v1.StatusResponse (moby/buildkit, api/services/control).
const root = protobuf.Root.fromJSON({
  nested: {
    Timestamp: { fields: { seconds: { type: 'int64', id: 1 } } },
    Vertex: {
      fields: {
        digest: { type: 'string', id: 1 },
        name: { type: 'string', id: 3 },
        cached: { type: 'bool', id: 4 },
        started: { type: 'Timestamp', id: 5 },
        completed: { type: 'Timestamp', id: 6 },
        error: { type: 'string', id: 7 },
      },
    },
    VertexLog: {
      fields: {
        vertex: { type: 'string', id: 1 },
        msg: { type: 'bytes', id: 4 },
      },
    },
    StatusResponse: {
      fields: {
        vertexes: { rule: 'repeated', type: 'Vertex', id: 1 },
        logs: { rule: 'repeated', type: 'VertexLog', id: 3 },
      },
    },
  },
});
const StatusResponse = root.lookupType('StatusResponse');

interface Decoded {
  vertexes: {
    digest: string;
    name: string;
    cached: boolean;
    started: unknown;
    completed: unknown;
    error: string;
  }[];
  logs: { vertex: string; msg: Uint8Array }[];
}

/** Decodes the base64 text of a `moby.buildkit.trace` message. */
export function decodeStatus(base64: string): Status {
  const message = StatusResponse.decode(Buffer.from(base64, 'base64'));
  const decoded = StatusResponse.toObject(message, {
    defaults: true,
  }) as Decoded;
  return {
    vertexes: (decoded.vertexes ?? []).map(({ started, completed, ...vertex }) => ({
      ...vertex,
      started: Boolean(started),
      completed: Boolean(completed),
    })),
    logs: (decoded.logs ?? []).map(({ vertex, msg }) => ({
      vertex,
      text: Buffer.from(msg).toString('utf8'),
    })),
  };
}
