/** An error that the caller may read: the framework's own, and what functions throw on purpose. */
export class HttpError extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}
