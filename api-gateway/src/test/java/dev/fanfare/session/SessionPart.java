package dev.fanfare.session;

/** A part of what a worker's session is. */
interface SessionPart {

  /** What the tests run in. */
  SessionScene scene();
}
