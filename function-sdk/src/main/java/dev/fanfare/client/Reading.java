package dev.fanfare.client;

/** Makes a value of a result. */
interface Reading<R> {
  R read(byte[] body, String contentType);
}
