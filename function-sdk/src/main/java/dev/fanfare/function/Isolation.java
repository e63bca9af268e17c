package dev.fanfare.function;

/** How far a function is kept from the worker that runs it, weakest first. */
public enum Isolation {
  /**
   * A class loader inside the worker's own process: trusted code only, and only where a worker
   * allows it.
   */
  SHARED,
  /** A child process of its own with its own heap and an empty environment. */
  PROCESS,
  /** A child process without network, under a read-only root and a user of its own. */
  SANDBOX,
  /** A container. */
  CONTAINER
}
