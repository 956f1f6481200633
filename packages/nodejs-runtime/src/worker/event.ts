import type { Request } from 'express';
import type { Event, Extensions } from '../api.js';
import { type Attributes, binaryAttribute, unpackStructured } from './cloudevents.js';
import { bodyKind, decodeJson, decodeText } from './content-type.js';

/** What a request's body and headers make of an event, before there is a call to extend it. */
export interface Payload {
  data: unknown;
  /** Attributes of a CloudEvent in structured mode. */
  attributes: Attributes | undefined;
}

export const NO_PAYLOAD: Payload = { data: undefined, attributes: undefined };

/** @throws an error with status 400 or 415 for a body that is not what its type says */
export function decodeBody(body: Buffer, contentType: string | undefined): Payload {
  if (body.length === 0) return NO_PAYLOAD;
  switch (bodyKind(contentType)) {
    case 'json':
      return { data: decodeJson(body, contentType), attributes: undefined };
    case 'cloudevent':
      return unpackStructured(decodeJson(body, contentType));
    case 'text':
      return { data: decodeText(body, contentType), attributes: undefined };
    default:
      return { data: body, attributes: undefined };
  }
}

/** The four names come from Kubeless's headers or, where those are absent, from a CloudEvent. */
export function createEvent(request: Request, payload: Payload, extensions: Extensions): Event {
  const value = (header: string, attribute: string) =>
    (request.headers[header] as string | undefined) ??
    (payload.attributes
      ? (payload.attributes[attribute] as string | undefined)
      : binaryAttribute(request.headers, `ce-${attribute}`));
  return {
    data: payload.data,
    'event-id': value('event-id', 'id'),
    'event-type': value('event-type', 'type'),
    'event-time': value('event-time', 'time'),
    'event-namespace': value('event-namespace', 'source'),
    extensions,
  };
}
